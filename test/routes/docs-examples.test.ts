import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { toMembers, type Members } from '../../src/openapi/members.ts'
import { formats } from '../support/formats.ts'
import { formOf, formType } from '../support/forms.ts'
import { build, readCode } from '../support/helper.ts'
import { images } from '../fixtures/images.ts'
import { basicCredentials } from '../support/oauth.ts'

interface Operation {
  operationId: string
  requestBody?: { content: Record<string, Content> }
  responses: Record<string, { $ref?: string, content?: Record<string, Content> }>
}
interface Content { schema: Members, example?: unknown, examples?: Record<string, { value: unknown }> }
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, { content: Record<string, Content> }> }
}

const secret = 'secret-of-the-orders-service-32-c'
const app = await build(t, {
  env: {
    JWT_AUDIENCES: 'https://orders.example.com',
    RESOURCE_SERVERS: `orders:${secret}:https://orders.example.com`
  }
})
const document = (await app.inject({ url: '/docs/json' })).json<Document>()
const ajv = new Ajv2020({ strict: false, formats: { ...formats, binary: true, 'language-tag': true } })
ajv.addSchema({ ...document, $id: 'document' })

/** Validates a value by a schema whose references lead into the document. */
function problemsOf (schema: Members, value: unknown): string {
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as Members)
  return validate(value) ? '' : ajv.errorsText(validate.errors)
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })))

t.test('every JSON request and response has an example that its schema admits', async (t) => {
  for (const { operationId, requestBody, responses } of operations) {
    const contents = [requestBody?.content, ...Object.values(responses).map(({ $ref, content }) =>
      $ref === undefined ? content : document.components.responses[$ref.split('/').at(-1) ?? '']?.content)]
    for (const content of contents) {
      const json = content?.['application/json'] ?? content?.['application/x-www-form-urlencoded']
      if (json === undefined) continue
      const examples = 'example' in json ? [json.example] : Object.values(json.examples ?? {}).map(({ value }) => value)
      t.ok(examples.length > 0, `${operationId} has an example`)
      for (const example of examples) t.equal(problemsOf(json.schema, example), '', `${operationId} ${JSON.stringify(example)}`)
    }
  }
})

/** The operations that change something, in an order in which their examples succeed. */
const order = [
  'signUp', 'verifyCode', 'getAccount', 'changeAccount', 'exchangeToken', 'introspectToken', 'uploadCreative', 'changeCreative',
  'replaceCreativeImage', 'deleteCreative', 'restoreCreative', 'createCalendarFeed', 'revokeCalendarFeed', 'requestPhoneNumberChange',
  'verifyPhoneNumberChange', 'endSessions', 'revokeToken', 'logIn'
]

t.test('the example of each request succeeds, and its answer has the documented shape', async (t) => {
  let token = ''
  let creativeId = 0
  let phone = ''

  async function bodyOf ({ requestBody }: Operation): Promise<{ payload?: string | Buffer, type?: string }> {
    const [type = '', { schema, example } = { schema: {} }] = Object.entries(requestBody?.content ?? {})[0] ?? []
    const examples = { ...toMembers(example) }
    if (typeof examples['phone_number'] === 'string') phone = examples['phone_number']
    // Only the code and the token differ from those of the examples.
    if ('otp' in examples) examples['otp'] = await readCode(app, phone)
    if (type === 'application/json') return { payload: JSON.stringify(examples), type }
    const ofSession = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, name.endsWith('token') ? token : String(value)]))
    if (type === 'application/x-www-form-urlencoded') return { payload: new URLSearchParams(ofSession).toString(), type }
    if (type !== 'multipart/form-data') return {}
    const form = document.components as unknown as { schemas: Record<string, { properties: Record<string, { examples?: unknown[] }> }> }
    const { properties = {} } = form.schemas[String(schema['$ref']).split('/').at(-1) ?? ''] ?? {}
    const texts = Object.entries(properties).filter(([name]) => !['file', 'version'].includes(name))
    return {
      payload: formOf([
        ...texts.map(([name, { examples }]) => ({ name, value: String(examples?.[0]) })), { name: 'file', filename: 'a.png', value: images.png }
      ]),
      type: formType
    }
  }

  for (const id of order) {
    const operation = operations.find(({ operationId }) => operationId === id)
    if (operation === undefined) throw new Error(`the document has no ${id}`)
    const { payload, type } = await bodyOf(operation)
    const response = await app.inject({
      method: operation.method as 'POST',
      url: operation.path.replace('{id}', String(creativeId)),
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        authorization: id === 'introspectToken' ? basicCredentials('orders', secret) : `Bearer ${token}`
      },
      ...(payload === undefined ? {} : { payload })
    })
    t.ok(response.statusCode < 300, `${id} answers ${response.statusCode} ${response.body}`)
    if (!String(response.headers['content-type']).includes('json')) continue
    const body = response.json<{ token?: string, creative?: { id: number } }>()
    t.equal(problemsOf(operation.responses[response.statusCode]?.content?.['application/json']?.schema ?? {}, body), '', id)
    token = body.token ?? token
    creativeId = body.creative?.id ?? creativeId
  }
})

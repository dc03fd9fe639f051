import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import errors from '../../../plugins/http/errors.ts'
import validation from '../../../plugins/http/validation.ts'

const Body = Type.Object({ name: Type.String(), count: Type.Optional(Type.Integer({ default: 7 })) }, { additionalProperties: false })
const Query = Type.Object({ limit: Type.Integer({ default: 5 }), isOpen: Type.Optional(Type.Boolean()) }, { additionalProperties: false })

async function buildEcho (): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(errors)
  await app.register(validation)
  app.post('/body', { schema: { body: Body } }, async (request) => ({ body: request.body }))
  app.post('/any', async (request) => ({ body: request.body }))
  app.get('/query', { schema: { querystring: Query } }, async (request) => ({ query: request.query }))
  return app
}

const app = await buildEcho()
t.teardown(async () => { await app.close() })

async function send (payload: string, type = 'application/json'): Promise<{ status: number, reply: Record<string, unknown> }> {
  const response = await app.inject({ method: 'POST', url: '/body', payload, headers: { 'content-type': type } })
  return { status: response.statusCode, reply: response.json() }
}

t.test('a body reaches its route unchanged: no dropped fields, coerced types or defaults', async (t) => {
  t.match(await send('{"name":"Asha"}'), { status: 200, reply: { body: { name: 'Asha' } } })
  t.notOk('count' in ((await send('{"name":"Asha"}')).reply['body'] as object))
  t.match(await send(' {"name":"Asha","count":1}\n', 'APPLICATION/JSON; charset=utf-8'), { status: 200, reply: { body: { count: 1 } } })
  t.match(await send('\ufeff{"name":"Asha"}'), { status: 200 }, 'with a byte order mark')
  const refused = [
    '{"name":5}', '{"name":["Asha"]}', '{"name":null}', ...['"1"', '1.5', 'true', 'null'].map((count) => `{"name":"a","count":${count}}`)
  ]
  for (const body of refused) {
    t.match(await send(body), { status: 400, reply: { code: 'CHR_VALIDATION' } }, body)
  }
})

t.test('the error names the field and its expected type', async (t) => {
  const rows: Array<[body: string, error: string, path: string]> = [
    ['{"name":5}', 'field "name" has the wrong JSON type: it must be string', 'name'],
    ['{"name":"a","count":"1"}', 'field "count" has the wrong JSON type: it must be integer', 'count'],
    ['{}', 'field "name" is required', 'name'],
    ['{"name":"a","extra":1}', 'body has the unknown field "extra"', 'extra'],
    ['[]', 'body has the wrong JSON type: it must be object', '']
  ]
  for (const [body, error, path] of rows) {
    t.match(await send(body), {
      status: 400, reply: { error, details: [{ path, message: error }] }
    }, body)
  }
})

t.test('an error about malformed JSON names the position and does not quote the body', async (t) => {
  const rows: Array<[body: string, error: string | RegExp]> = [
    ['', 'body must not be empty'],
    ['\t\r\n ', 'body must not be empty'],
    ['{"otp":"987654",}', 'body contains badly-formed JSON (at character 17)'],
    ['{"otp":"987654"', /^body contains badly-formed JSON( \(at character \d+\))?$/],
    ['987654x', /^body (contains badly-formed JSON|must only contain)/],
    ['{"name":"Asha"} {"otp":"987654"}', 'body must only contain a single JSON value'],
    ['{"__proto__":{"otp":"987654"}}', 'body has a field with a forbidden name'],
    ['{"name":{"constructor":{"prototype":{"otp":"987654"}}}}', 'body has a field with a forbidden name']
  ]
  for (const [body, error] of rows) {
    const { status, reply } = await send(body)
    t.match({ status, reply }, { status: 400, reply: { code: 'CHR_VALIDATION', error } }, body)
    t.notMatch(JSON.stringify(reply), /987654/)
  }
})

t.test('the types of a query are coerced and its defaults are applied', async (t) => {
  const query = async (text: string) => (await app.inject({ url: `/query${text}` })).json()
  t.same(await query(''), { query: { limit: 5 } })
  t.same(await query('?limit=9&isOpen=true'), { query: { limit: 9, isOpen: true } })
  t.match(await query('?limit=nine'), { code: 'CHR_VALIDATION', error: 'field "limit" has the wrong JSON type: it must be integer' })
  t.match(await query('?page=1'), { code: 'CHR_VALIDATION', error: 'querystring has the unknown field "page"' })
})

t.test('only JSON bodies are parsed', async (t) => {
  for (const type of ['text/plain', 'text/json', 'application/x-www-form-urlencoded', 'application/json-patch+json', 'application/jsonx']) {
    t.match(await send('{"name":"Asha"}', type), { status: 415, reply: { code: 'CHR_MEDIA_TYPE' } }, type)
  }
})

t.test('bodies without a schema are parsed as strictly', async (t) => {
  const response = await app.inject({
    method: 'POST', url: '/any', payload: '{"__proto__":{}}', headers: { 'content-type': 'application/json' }
  })
  t.match([response.statusCode, response.json().code], [400, 'CHR_VALIDATION'])
})

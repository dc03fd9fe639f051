import fastJsonStringify from 'fast-json-stringify'
import Fastify, { type FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import t from 'tap'
import app from '../../src/app.ts'
import { loadConfig } from '../../src/config/index.ts'
import { compileBody, compileTexts } from '../../src/http/schema-compilers.ts'
import { serverOptions } from '../../src/process/instance.ts'
import { createEnvironment } from '../support/helper.ts'

const config = loadConfig(await createEnvironment(t))
const instance = Fastify(serverOptions(config))
t.teardown(async () => { await instance.close() })
const schemas: FastifySchema[] = []
instance.addHook('onRoute', ({ schema }) => { if (schema !== undefined) schemas.push(schema) })
await instance.register(fp(app), { config })
await instance.ready()

/** Returns the schemas of replies; a reply may have one for each media type. */
function replySchemas ({ response = {} }: FastifySchema): object[] {
  const replies = Object.values(response as Record<string, { content?: Record<string, { schema: object }> }>)
  return replies.flatMap((reply) => reply.content === undefined ? [reply] : Object.values(reply.content).map(({ schema }) => schema))
}

t.test('the schemas of all requests compile, except of forms, which they only document', async (t) => {
  const forms = schemas.filter(({ consumes }) => consumes?.includes('multipart/form-data'))
  const bodies = schemas.filter((schema) => !forms.includes(schema)).flatMap(({ body }) => body ?? []) as object[]
  const texts = schemas.flatMap(({ querystring, params, headers }) => [querystring ?? [], params ?? [], headers ?? []].flat()) as object[]
  t.ok(bodies.length > 5 && texts.length > 15)
  for (const schema of bodies) t.doesNotThrow(() => compileBody(schema)(undefined))
  for (const schema of texts) t.doesNotThrow(() => compileTexts(schema)(undefined))
})

t.test('the schemas of all replies compile', async (t) => {
  const replies = new Map(schemas.flatMap(replySchemas).map((schema) => [JSON.stringify(schema), schema]))
  t.ok(replies.size > 20)
  for (const schema of replies.values()) t.doesNotThrow(() => fastJsonStringify(schema))
})

t.test('a schema with an unknown keyword does not compile', async (t) => {
  t.throws(() => compileBody({ type: 'object', requierd: ['name'] })(undefined), { message: /unknown keyword/ })
})

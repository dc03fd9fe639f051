import Fastify from 'fastify'
import t from 'tap'
import { assertDeclared, findUndeclared, type Answer } from './declared.ts'
import { codesIn, readOperations, responseFor, type Members, type Operation } from './operations.ts'
import { watchAnswers } from './watch-answers.ts'

const failure = (...codes: string[]): Members => ({
  allOf: [
    { type: 'object', properties: { error: { type: 'string' }, code: { type: 'string' } }, required: ['error', 'code'] },
    { type: 'object', properties: { code: { enum: codes } } }
  ]
})

const operation: Operation = {
  operationId: 'getThing',
  method: 'GET',
  path: '/things/{id}',
  parameters: [],
  responses: {
    200: {
      headers: { ETag: { required: true } },
      content: { 'application/json': { schema: { type: 'object', properties: { at: { type: 'string', format: 'date' } }, required: ['at'] } } }
    },
    204: {},
    404: { content: { 'application/json': { schema: failure('CHR_NOT_FOUND') } } },
    '5XX': { content: { 'application/json': { schema: failure('CHR_UNAVAILABLE', 'CHR_INTERNAL') } } }
  }
}

const json = 'application/json; charset=utf-8'
const answer = (statusCode: number, body: object | '', headers: Record<string, unknown> = { 'content-type': json }): Answer =>
  ({ statusCode, headers, body: body === '' ? '' : JSON.stringify(body) })
const etag = { 'content-type': json, etag: '"1"', 'cache-control': 'no-store' }

for (const [title, declared] of [
  ['a reply', answer(200, { at: '2030-01-10' }, etag)],
  ['a reply without a body', answer(204, '', {})],
  ['an error', answer(404, { error: 'None.', code: 'CHR_NOT_FOUND' })],
  ['an error of a range of statuses', answer(503, { error: 'Down.', code: 'CHR_UNAVAILABLE' })]
] as const) t.test(`${title} is declared`, async (t) => { t.doesNotThrow(() => { assertDeclared(operation, declared) }) })

for (const [title, undeclared, problem] of [
  ['a status', answer(409, { error: 'No.', code: 'CHR_PHONE_TAKEN' }), /GET \/things\/\{id\} \(getThing\) does not declare 409 CHR_PHONE_TAKEN/],
  ['a code', answer(404, { error: 'No.', code: 'CHR_LINK_EXPIRED' }), /does not declare 404 CHR_LINK_EXPIRED/],
  ['a content type', answer(200, { at: '2030-01-10' }, { ...etag, 'content-type': 'text/html' }), /the content type text\/html is not declared/],
  ['a header', answer(204, '', { 'x-some': '1' }), /the header x-some is not declared/],
  ['a missing header', answer(200, { at: '2030-01-10' }), /the header etag is missing/],
  ['a body', answer(204, { at: '2030-01-10' }), /declares no body/],
  ['a member of another form', answer(200, { at: 'tomorrow' }, etag), /must match format "date"/],
  ['a further member', answer(200, { at: '2030-01-10', on: 1 }, etag), /must NOT have unevaluated properties/]
] as const) {
  t.test(`${title} that is not declared is named`, async (t) => { t.throws(() => { assertDeclared(operation, undeclared) }, { message: problem }) })
}

t.test('a body that is not JSON has no code', async (t) => {
  t.equal(findUndeclared(operation, { statusCode: 404, body: '<html>' }), undefined)
  t.match(findUndeclared({ ...operation, responses: {} }, { statusCode: 404, body: '<html>' }), /does not declare 404/)
})

for (const [title, schema, codes] of [
  ['a constant', { properties: { code: { const: 'A' } } }, ['A']],
  ['schemas that all apply', { properties: { code: { enum: ['A', 'B'] } }, allOf: [{ properties: { code: { enum: ['B', 'C'] } } }] }, ['B']],
  ['alternatives', { oneOf: [{ properties: { code: { const: 'A' } } }, { properties: { code: { const: 'B' } } }] }, ['A', 'B']],
  ['an open alternative', { properties: { code: { anyOf: [{ enum: ['A'] }, { type: 'string' }] } } }, ['A']],
  ['no codes', { properties: { code: { type: 'string' } } }, undefined]
] as const) t.test(`codes are read from ${title}`, async (t) => { t.same(codesIn(schema), codes && new Set(codes)) })

t.test('a route that answers what the committed document does not declare is reported once', async (t) => {
  const [known] = readOperations()
  const app = Fastify()
  t.teardown(() => app.close())
  const problems: string[] = []
  watchAnswers(app, (problem) => { problems.push(problem) })
  const teapot = { error: 'No.', code: 'CHR_TEAPOT' }
  app.get('/known', { schema: { operationId: known?.operationId ?? 'missing' } }, async (_request, reply) => reply.code(418).send(teapot))
  app.get('/unknown', { schema: { operationId: 'someOther' } }, async (_request, reply) => reply.code(418).send(teapot))
  for (const url of ['/known', '/known', '/unknown']) t.equal((await app.inject({ url })).statusCode, 418)
  t.same(problems, [`${known?.method} ${known?.path} (${known?.operationId}) does not declare 418 CHR_TEAPOT`])
  t.equal(responseFor(operation, 418), undefined)
})

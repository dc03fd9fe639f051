import t from 'tap'
import { tidyDocument } from '../../../src/openapi/tidy-document.ts'

/** Returns a document whose only operation has this response. */
const answering = (schema: object, description = 'Default Response', example?: object) => ({
  paths: {
    '/': {
      get: { responses: { 200: { description, content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } } } } }
    }
  }
})
const pair = { title: 'A pair', type: 'object', properties: { left: { type: 'string', examples: ['a'] } } }

t.test('a titled object moves to components once and describes its response', (t) => {
  const document = tidyDocument({
    openapi: '3.1.0',
    components: { securitySchemes: {} },
    ...answering({ type: 'object', title: 'Two', properties: { one: pair, other: pair } })
  })
  const ref = { $ref: '#/components/schemas/APair' }
  t.same(document, {
    openapi: '3.1.0',
    components: {
      securitySchemes: {},
      schemas: {
        APair: pair, Two: { type: 'object', title: 'Two', properties: { one: ref, other: ref } }
      },
      responses: {}
    },
    ...answering({ $ref: '#/components/schemas/Two' }, 'Two', { one: { left: 'a' }, other: { left: 'a' } })
  })
  t.end()
})

t.test('a schema without a title, or a property called title, stays in place', (t) => {
  const schema = { type: 'object', properties: { title: { type: 'string' } }, example: { title: 'Diwali' } }
  const components = { schemas: {}, responses: {} }
  for (const [given, shown] of [['A list', 'A list'], ['Default Response', 'Success']]) {
    t.same(tidyDocument(answering(schema, given)), { ...answering(schema, shown, { title: 'Diwali' }), components })
  }
  t.end()
})

t.test('two different schemas with one title are an error', (t) => {
  t.throws(() => tidyDocument(answering({ anyOf: [pair, { ...pair, type: 'array' }] })), { message: 'two schemas are called "A pair"' })
  t.end()
})

t.test('a parameter with a default is optional', (t) => {
  const parameters = [{ in: 'query', required: true, schema: { default: 100 } }, { in: 'path', required: true, schema: {} }]
  t.match(tidyDocument({ paths: { parameters } }), { paths: { parameters: [{ required: false }, { required: true }] } })
  t.end()
})

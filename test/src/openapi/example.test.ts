import t from 'tap'
import { composeExample } from '../../../src/openapi/example.ts'

t.test('an example is composed of what the schema states', (t) => {
  const cases: Array<[schema: unknown, example: unknown]> = [
    [{ type: 'string', examples: ['a', 'b'], enum: ['c'] }, 'a'],
    [{ type: 'string', example: 'a' }, 'a'],
    [{ const: true, type: 'boolean' }, true],
    [{ type: 'integer', default: 0 }, 0],
    [{ type: 'string', enum: ['a', 'b'] }, 'a'],
    [{ type: 'boolean' }, true],
    [{ type: 'null' }, null],
    [{ type: 'string' }, undefined],
    [undefined, undefined],
    [{ type: 'object', properties: { a: { examples: [1] }, b: { type: 'string', format: 'binary' } } }, { a: 1 }],
    [{ type: 'object', properties: { a: { type: 'string' } } }, undefined],
    [{ type: 'array', items: { enum: ['a'] } }, ['a']],
    [{ type: 'array', items: { type: 'string' } }, []],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, null],
    [{ allOf: [{ properties: { a: { examples: [1] } } }, { properties: { b: { examples: [2] } } }] }, { a: 1, b: 2 }]
  ]
  for (const [schema, example] of cases) t.same(composeExample(schema), example, JSON.stringify(schema))
  t.end()
})

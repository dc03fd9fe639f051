import t from 'tap'
import { claimPresets, fillClaims, parseClaimTemplate } from '../../../../src/domain/auth/jwt-claims.ts'

const values = { user_id: '42', session_id: '7', phone_number: '+918123456789', name: 'Asha {user_id} $1' }

t.test('presets for Hasura, PostgREST and Supabase', async (t) => {
  t.same([...claimPresets.keys()], ['hasura', 'postgrest', 'supabase'])
  t.same(fillClaims(parseClaimTemplate('hasura'), values), {
    'https://hasura.io/jwt/claims': { 'x-hasura-default-role': 'user', 'x-hasura-allowed-roles': ['user'], 'x-hasura-user-id': '42' }
  })
  for (const name of ['postgrest', 'supabase']) t.same(fillClaims(parseClaimTemplate(name), values), { role: 'authenticated' })
})

t.test('placeholders are replaced once, in texts at every depth', async (t) => {
  const template = parseClaimTemplate('{"a": "{user_id}-{session_id}", "b": {"c": ["{name}", 1, true, null]}, "{ d }": "{}", "__proto__": "{phone_number}"}')
  const claims = fillClaims(template, values)
  t.same(Object.entries(claims), [['a', '42-7'], ['b', { c: ['Asha {user_id} $1', 1, true, null] }], ['{ d }', '{}'], ['__proto__', '+918123456789']])
  t.equal(Object.getPrototypeOf(claims), Object.prototype)
})

t.test('other templates are refused with the end of a sentence', async (t) => {
  const cases: Array<[string, RegExp]> = [
    ['constructor', /^is neither a JSON object nor one of hasura, postgrest, supabase$/],
    ['{', /^is neither a JSON object/],
    ['[]', /^is neither a JSON object/],
    ['null', /^is neither a JSON object/],
    ['"hasura"', /^is neither a JSON object/],
    ['{"a": "{email}", "b": ["{user}"]}', /^names \{email\}, \{user\}; known are \{user_id\}, \{session_id\}, \{phone_number\}, \{name\}$/],
    ['{"sub": "x", "role": "y", "exp": 1}', /^sets sub, exp, which the service sets or reserves$/],
    [`{"a": "${'x'.repeat(2000)}"}`, /^is longer than 2000 characters$/]
  ]
  for (const [text, message] of cases) t.throws(() => parseClaimTemplate(text), { name: 'TypeError', message }, text.slice(0, 50))
  for (const name of [
    'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'sid', 'auth_time', 'amr', 'acr', 'is_test', 'scope', 'cnf', 'act', 'may_act'
  ]) t.throws(() => parseClaimTemplate(JSON.stringify({ [name]: 'x' })), { message: /^sets / }, name)
})

import t from 'tap'
import { limitScopes, maximumWithoutAddress, rateLimits, toPrefix } from '../../../../src/domain/auth/limits.ts'

/** Names and settings are public, and instances of different releases share the keys of windows. */
const released = {
  sends_per_address_hour: ['LIMIT_SENDS_PER_ADDRESS_HOUR', 'sends', 'address', 3600, 200],
  phones_per_address_hour: ['LIMIT_PHONES_PER_ADDRESS_HOUR', 'phones', 'address', 3600, 100],
  verifies_per_address_hour: ['LIMIT_VERIFIES_PER_ADDRESS_HOUR', 'verifies', 'address', 3600, 400],
  sends_per_prefix: ['LIMIT_SENDS_PER_PREFIX', 'sends', 'prefix', 600, 10],
  sends_per_minute: ['LIMIT_SENDS_PER_MINUTE', 'sends', 'service', 60, 60],
  sends_per_day: ['LIMIT_SENDS_PER_DAY', 'sends', 'service', 86_400, 5000]
}

t.test('the released limits keep their name, setting, kind, scope, window and default', async (t) => {
  for (const [name, expected] of Object.entries(released)) {
    const limit = rateLimits.find((candidate) => candidate.name === name)
    t.same([limit?.setting, limit?.kind, limit?.key, limit?.windowSeconds, limit?.initial], expected, name)
  }
})

t.test('each limit has a unique name and a unique setting', async (t) => {
  for (const field of ['name', 'setting'] as const) {
    t.equal(new Set(rateLimits.map((limit) => limit[field])).size, rateLimits.length, field)
  }
})

t.test('scopes are ordered from the narrowest to the whole service', async (t) => {
  t.same(limitScopes, ['address', 'prefix', 'service'])
})

t.test('a prefix leaves out the last four digits', async (t) => {
  t.equal(toPrefix('+919876540001'), '+91987654')
})

t.test('clients without an address share a tenth of the maximum, and at least one request', async (t) => {
  t.same([400, 39, 10, 9, 1].map(maximumWithoutAddress), [40, 3, 1, 1, 1])
})

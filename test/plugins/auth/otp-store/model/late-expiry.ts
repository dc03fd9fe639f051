import type { connect } from '../../../../contracts/otp-store/redis-store.ts'

type Client = Awaited<ReturnType<typeof connect>>

/**
 * Keys end by Redis's own clock, but the time of a run is moved: a key that has a millisecond left would be gone at
 * the next step, at the same moved time. So keys here live a minute longer than asked for; what holds must not
 * depend on their end.
 */
const prelude = `
local server = redis
local redis = setmetatable({ call = function(name, ...)
  local key, text, unit, life = ...
  if unit ~= 'PX' then return server.call(name, ...) end
  return server.call(name, key, text, unit, string.format('%.0f', life + 60000))
end }, { __index = server })
`

/** A client whose scripts let keys end late. */
export function withLateExpiry (client: Client): Client {
  const define = client.defineCommand.bind(client)
  client.defineCommand = (name, definition) => { define(name, { ...definition, lua: `${prelude}${definition.lua}` }) }
  return client
}

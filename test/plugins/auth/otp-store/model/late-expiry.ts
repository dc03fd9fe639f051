import type { connect } from '../../../../contracts/otp-store/redis-store.ts'

type Client = Awaited<ReturnType<typeof connect>>

/**
 * Redis expires keys by its own clock, while a run moves its time: a key with one millisecond left would be gone at
 * the next step of the same moved time. The keys therefore live a minute longer than requested, and no outcome may
 * depend on their expiry.
 */
const prelude = `
local server = redis
local redis = setmetatable({ call = function(name, ...)
  local key, text, unit, life = ...
  if unit ~= 'PX' then return server.call(name, ...) end
  return server.call(name, key, text, unit, string.format('%.0f', life + 60000))
end }, { __index = server })
`

/** Changes the scripts of a client so that their keys expire a minute late. */
export function withLateExpiry (client: Client): Client {
  const define = client.defineCommand.bind(client)
  client.defineCommand = (name, definition) => { define(name, { ...definition, lua: `${prelude}${definition.lua}` }) }
  return client
}

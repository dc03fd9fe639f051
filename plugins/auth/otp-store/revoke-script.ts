import { endCooldown } from './lua-shared.ts'

/** Ends a challenge. KEYS: 1 the record of the number, 2 its challenge. ARGV: whether the cooldown ends too (1 or 0). */
export const revokeScript = `
redis.call('DEL', KEYS[2])
if ARGV[1] == '0' then return {} end
${endCooldown}
return {}
`

import { endCooldown } from './lua-shared.ts'

/** KEYS: 1 the number's record, 2 its challenge. ARGV: whether the next SMS may go out at once (1 or 0). */
export const revokeScript = `
redis.call('DEL', KEYS[2])
if ARGV[1] == '0' then return {} end
${endCooldown}
return {}
`

/** KEYS: 1 the number's record, 2 its challenge. ARGV: whether the next SMS may go out at once (1 or 0). */
export const revokeScript = `
redis.call('DEL', KEYS[2])
local phone = redis.pcall('HEXISTS', KEYS[1], 'nextSendAt')
if ARGV[1] == '1' and phone == 1 then redis.call('HSET', KEYS[1], 'nextSendAt', '0') end
return {}
`

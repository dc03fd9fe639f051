/** Version of the records that scripts store, in their field `v`. */
export const recordVersion = 1

/** Lua functions of the scripts that store records. All numbers are integers below 2^53. */
export const recordFunctions = `
-- tostring() would write 1.7e+12
local function int(number) return string.format('%.0f', number) end

-- cjson writes 14 digits of a number, which hold milliseconds for the next 3000 years.
local function isCount(value) return type(value) == 'number' and value >= 0 and value < 1e14 and value % 1 == 0 end

-- A record is one JSON text, which costs a third of a hash with its fields. A corrupt record, or one of another version, counts as absent.
local function readRecord(key)
  local text = redis.pcall('GET', key)
  if type(text) ~= 'string' then return nil end
  local isJson, record = pcall(cjson.decode, text)
  if isJson and type(record) == 'table' and record.v == ${recordVersion} then return record end
  return nil
end

-- The life is in milliseconds.
local function writeRecord(key, record, life)
  record.v = ${recordVersion}
  redis.call('SET', key, cjson.encode(record), 'PX', int(life))
end
`

/**
 * Beginning of scripts that refuse to start after the deadline in ARGV[2], by the clock of the server: the caller has given
 * up by then (`Deadlines.run` computes the deadline).
 */
export const lateRefusal = `
local clock = redis.call('TIME')
if clock[1] * 1000 + clock[2] / 1000 > tonumber(ARGV[2]) then return { 'late' } end
`

/** Handles errors of commands that read a text: a key of another type counts as absent, as it does for the scripts. */
export function asAbsent (error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
  throw error
}

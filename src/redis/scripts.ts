/** Version of the records that scripts store, in their field `v`. */
export const recordVersion = 1

/** The functions of scripts that keep records. Their numbers are whole and below 2^53. */
export const recordFunctions = `
-- tostring() would write 1.7e+12
local function int(number) return string.format('%.0f', number) end

-- 14 digits are what JSON keeps of a number here: the next 3000 years in milliseconds.
local function isCount(value) return type(value) == 'number' and value >= 0 and value < 1e14 and value % 1 == 0 end

-- A record is one JSON text, a third of what a hash of its fields costs. One that is corrupt or of another version is as absent.
local function readRecord(key)
  local text = redis.pcall('GET', key)
  if type(text) ~= 'string' then return nil end
  local isJson, record = pcall(cjson.decode, text)
  if isJson and type(record) == 'table' and record.v == ${recordVersion} then return record end
  return nil
end

-- Its life is in milliseconds.
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

/** For commands that ask for a text: a key of another type counts as absent, as it does for the scripts. */
export function asAbsent (error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
  throw error
}

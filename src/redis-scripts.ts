/**
 * How scripts begin that refuse to start after the deadline in ARGV[2], by the server's own clock: whoever asked has
 * given up by then (`Deadlines.run` gives the deadline). Their numbers are whole and below 2^53.
 */
export const scriptOpening = `
local clock = redis.call('TIME')
if clock[1] * 1000 + clock[2] / 1000 > tonumber(ARGV[2]) then return { 'late' } end

-- tostring() would write 1.7e+12
local function int(number) return string.format('%.0f', number) end

-- tonumber() would take 'nan' and 'inf'
local function number(text)
  local n = tonumber(text)
  if n and n >= 0 and n < 2^53 and n == math.floor(n) then return n end
  return nil
end
`

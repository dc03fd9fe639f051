import t from 'tap'
import { failureBody } from '../../../src/http/error-response.ts'
import { ApiError, describeWait, catalogue, RateLimitedError, UnavailableError, type ErrorCode } from '../../../src/http/errors.ts'

const codes = Object.keys(catalogue) as ErrorCode[]

t.test('every error of the catalogue has a code, an error status and a sentence', async (t) => {
  for (const code of codes) {
    const { statusCode, sentence } = catalogue[code]
    t.match(code, /^CHR_[A-Z]+(_[A-Z]+)*$/)
    t.ok(Number.isInteger(statusCode) && statusCode >= 400 && statusCode <= 599, code)
    t.match(sentence, /^\S.*\.$/, code)
  }
})

t.test('an error has the status and sentence of the catalogue, and Retry-After for 429 and 503', async (t) => {
  for (const code of codes) {
    const error = new ApiError(code)
    t.match(error, { name: 'ApiError', code, statusCode: catalogue[code].statusCode, message: catalogue[code].sentence })
    t.equal(error.retryAfterSeconds, [429, 503].includes(error.statusCode) ? 1 : undefined, code)
    t.equal(error.cause, undefined)
    t.equal(error.details, undefined)
  }
})

t.test('a thrown error may replace the sentence', async (t) => {
  const cause = new Error('why')
  const details = [{ path: 'name', message: 'is odd' }]
  const error = new ApiError('CHR_OTP_LOCKED', { message: 'Wait.', cause, retryAfterSeconds: 42, details })
  t.match(error, { message: 'Wait.', retryAfterSeconds: 42, details })
  t.equal(error.cause, cause)
})

t.test('an UnavailableError names the dependency and keeps the cause for the log', async (t) => {
  const cause = new Error('ECONNREFUSED')
  const error = new UnavailableError('redis', cause)
  t.ok(error instanceof ApiError)
  t.match(error, { name: 'UnavailableError', dependency: 'redis', code: 'CHR_UNAVAILABLE', statusCode: 503, retryAfterSeconds: 1, cause })
  t.notMatch(error.message, /redis|ECONNREFUSED/)
})

t.test('a RateLimitedError names the limit and the wait', async (t) => {
  const error = new RateLimitedError('sends_per_prefix', 42)
  t.ok(error instanceof ApiError)
  t.match(error, { name: 'RateLimitedError', limit: 'sends_per_prefix', code: 'CHR_RATE_LIMITED', statusCode: 429, retryAfterSeconds: 42 })
  t.same(failureBody(error, 'r'), {
    error: 'Too many requests. Try again in 42 seconds.', code: 'CHR_RATE_LIMITED', request_id: 'r', retry_after: 42, limit: 'sends_per_prefix'
  })
  const waits = [[1, '1 second'], [119, '119 seconds'], [120, '2 minutes'], [3598, '60 minutes'], [7200, '2 hours'], [86_000, '24 hours']] as const
  for (const [seconds, words] of waits) t.equal(describeWait(seconds), words)
})

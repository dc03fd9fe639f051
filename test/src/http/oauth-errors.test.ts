import t from 'tap'
import { ApiError, UnavailableError } from '../../../src/http/errors.ts'
import { oauthFailureBody } from '../../../src/http/oauth-errors.ts'

t.test('errors of the catalogue have a word of OAuth', async (t) => {
  for (const [failure, error] of [
    [new ApiError('CHR_VALIDATION'), 'invalid_request'],
    [new ApiError('CHR_TOO_LARGE'), 'invalid_request'],
    [new ApiError('CHR_SUBJECT_TOKEN_INVALID'), 'invalid_request'],
    [new ApiError('CHR_GRANT_UNSUPPORTED'), 'unsupported_grant_type'],
    [new ApiError('CHR_AUDIENCE_UNKNOWN'), 'invalid_target'],
    [new ApiError('CHR_SCOPE_UNKNOWN'), 'invalid_scope'],
    [new UnavailableError('postgres'), 'temporarily_unavailable'],
    [new ApiError('CHR_INTERNAL'), 'server_error']
  ] as const) {
    t.same(oauthFailureBody(failure, 'id'), { error, error_description: failure.message, code: failure.code, request_id: 'id' }, failure.code)
  }
})

t.test('a description has only the characters that RFC 6749, §5.2 allows', async (t) => {
  const failure = new ApiError('CHR_VALIDATION', { message: 'field "a\\b" is not ✓\n' })
  t.equal(oauthFailureBody(failure, 'id').error_description, "field 'a?b' is not ??")
})

/** Claims of a JWT of the service (RFC 9068, §2.2). Times are seconds since the epoch. */
export interface AccessTokenClaims {
  iss: string
  /** Id of the user. */
  sub: string
  aud: string
  exp: number
  iat: number
  jti: string
  /** Id of the session. */
  sid: string
  /** Time of the login. */
  auth_time: number
  /** How the person proved who they are (RFC 8176). */
  amr: string[]
  client_id: string
  /** True for an account of a test number. */
  is_test: boolean
}

/** Every client uses the same login, so that its name tells nothing. RFC 9068 requires the claim. */
export const clientId = 'cheershare'

/** The claims that every JWT of the service has. */
export const claimNames: ReadonlyArray<keyof AccessTokenClaims> = [
  'iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'sid', 'auth_time', 'amr', 'client_id', 'is_test'
]

/** The header `typ` of access tokens (RFC 9068, §2.1). */
export const accessTokenType = 'at+jwt'

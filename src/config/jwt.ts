import { parseClaimTemplate } from '../domain/auth/jwt-claims.ts'
import { algorithms } from '../domain/auth/signing-keys.ts'
import { deriveHttp, httpSettings } from './http.ts'
import { choice, flag, integer, list, optional, seconds } from './parsers.ts'
import { findAudienceProblems, resourceServers } from './resource-servers.ts'
import { SettingError, type Rule, type ValuesOf } from './setting.ts'

/** Settings of the JWTs that other services check. */
export const jwtSettings = {
  audiences: list(
    'JWT_AUDIENCES',
    'Comma-separated audiences, one for each service that checks JWTs, such as `https://orders.example.com`; PUBLIC_URL is always one',
    findAudienceProblem
  ),
  ttlSeconds: seconds('JWT_TTL_SECONDS', 300, 'Life of a JWT: other services accept it for up to this time after its session has ended', 60, 900),
  algorithm: choice('JWT_ALGORITHM', algorithms, 'ES256', 'Algorithm of new signing keys: `ES256`, or `EdDSA`, which fewer proxies verify'),
  keyDays: integer('JWT_KEY_DAYS', 90, 'Days after which a new key signs', { minimum: 2, maximum: 3650 }),
  claims: optional(
    'JWT_CLAIMS',
    'Further claims: `hasura`, `postgrest`, `supabase`, or a JSON object whose texts may hold `{user_id}`, `{session_id}`, ' +
      '`{phone_number}` and `{name}`',
    readClaims
  ),
  isStateless: flag(
    'JWT_STATELESS', false,
    'Trust signature and time of a JWT in GET and HEAD requests outside `/me` and `/sessions`, without looking up its session'
  ),
  resourceServers
}

/** JWT libraries compare an audience as it is written. */
function findAudienceProblem (audience: string): string | undefined {
  return /^[\x21-\x7e]{1,255}$/.test(audience) ? undefined : `: ${audience} is not a name or URL of up to 255 visible ASCII characters`
}

export type JwtConfig = ValuesOf<typeof jwtSettings>

export const jwtRules: Array<Rule<{ jwt: JwtConfig, http: ValuesOf<typeof httpSettings> }>> = [
  {
    settings: [resourceServers, jwtSettings.audiences, httpSettings.publicUrl, httpSettings.port],
    check: ({ jwt, http }) => findAudienceProblems(jwt.resourceServers, [deriveHttp(http).baseUrl, ...jwt.audiences])
  }
]

function readClaims (text: string) {
  try {
    return parseClaimTemplate(text)
  } catch (error) {
    throw new SettingError([`JWT_CLAIMS ${(error as Error).message}`])
  }
}

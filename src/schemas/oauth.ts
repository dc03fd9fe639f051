import { Type } from '@sinclair/typebox'
import { algorithms } from '../domain/auth/signing-keys.ts'
import { catalogue } from '../http/errors.ts'

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange' as const
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

/** Names of RFC 8693. */
export const tokenExchange = { grant: exchange, accessToken } as const

/** Body of every error response of the OAuth routes (RFC 6749, §5.2). Clients switch on `error` or on `code`. */
export const OAuthFailure = Type.Object({
  error: Type.String({ description: 'Error of OAuth', examples: ['invalid_request'] }),
  error_description: Type.String({ description: 'A sentence for developers' }),
  code: Type.String({ enum: Object.keys(catalogue), description: 'Code of the catalogue', examples: ['CHR_VALIDATION'] }),
  request_id: Type.String({ description: 'Also in the log of the service', examples: ['Ju3x-1a'] })
}, { title: 'OAuth failure', description: 'The request was refused or failed. 429 and 503 have `Retry-After`, in seconds.' })

/** Error responses of an OAuth route, for its `response`. */
export const oauthFailures = { '4xx': OAuthFailure, '5xx': OAuthFailure }

/**
 * `POST /token` (RFC 8693, §2.1). The handler refuses other grant types and the parameters of features that the service does not have,
 * each with its own error. Parameters that no standard names are ignored (RFC 6749, §3.2): clients send a `client_id`.
 */
export const TokenBody = Type.Object({
  grant_type: Type.String({ maxLength: 200, examples: [exchange] }),
  subject_token: Type.String({ maxLength: 8192, description: 'The token of a session, as `POST /verify` returned it' }),
  subject_token_type: Type.String({ maxLength: 200, examples: [accessToken] }),
  audience: Type.String({
    maxLength: 500, description: 'One of `JWT_AUDIENCES`, or the issuer for the routes of this service', examples: ['https://orders.example.com']
  }),
  requested_token_type: Type.Optional(Type.String({ maxLength: 200, examples: [accessToken] })),
  resource: Type.Optional(Type.String({ description: 'Refused: services are named by `audience`' })),
  scope: Type.Optional(Type.String({ description: 'Refused: the service has no scopes' })),
  actor_token: Type.Optional(Type.String({ description: 'Refused: the service has no delegation' }))
})

/** RFC 8693, §2.2.1 */
export const TokenReply = Type.Object({
  access_token: Type.String({ description: 'JWT (RFC 9068)' }),
  issued_token_type: Type.Literal(accessToken),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds', examples: [300] })
}, { title: 'Access token' })

const hint = Type.Optional(Type.String({ maxLength: 200, description: 'Ignored: the form of a token tells its type' }))

/** `POST /introspect` (RFC 7662, §2.1) and `POST /revoke` (RFC 7009, §2.1). Unknown fields are ignored (RFC 6749, §3.2). */
export const TokenToCheckBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 8192, description: 'The token of a session, or a JWT of the service' }),
  token_type_hint: hint
})
export const RevocationBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 8192, description: 'The token of a session' }),
  token_type_hint: hint
})

/** RFC 7662, §2.2. Times are seconds since the epoch. An inactive token has no member but `active`. */
export const IntrospectionReply = Type.Object({
  active: Type.Boolean({ description: 'False for an unknown or ended token, and for a JWT whose audience is that of another server' }),
  iss: Type.Optional(Type.String({ description: 'PUBLIC_URL' })),
  sub: Type.Optional(Type.String({ description: 'Id of the user' })),
  aud: Type.Optional(Type.String({ description: 'Audience of a JWT; PUBLIC_URL for the token of a session' })),
  exp: Type.Optional(Type.Integer({ description: 'End of the token. The use of the token of a session moves it' })),
  iat: Type.Optional(Type.Integer()),
  jti: Type.Optional(Type.String({ description: 'Only for a JWT' })),
  sid: Type.Optional(Type.String({ description: 'Id of the session' })),
  auth_time: Type.Optional(Type.Integer({ description: 'Time of the login' })),
  amr: Type.Optional(Type.Array(Type.String(), { examples: [['sms']] })),
  client_id: Type.Optional(Type.String()),
  token_type: Type.Optional(Type.Literal('Bearer')),
  is_test: Type.Optional(Type.Boolean({ description: 'True for an account of a test number' }))
}, { title: 'Introspection' })

/** A public key (RFC 7517, §4) */
export const JsonWebKey = Type.Object({
  kty: Type.String(),
  crv: Type.String(),
  x: Type.String(),
  y: Type.Optional(Type.String()),
  kid: Type.String(),
  use: Type.Literal('sig'),
  alg: Type.String({ enum: [...algorithms] })
}, { title: 'Json web key' })

/** RFC 7517, §5 */
export const KeySetReply = Type.Object({ keys: Type.Array(JsonWebKey) }, { title: 'Key set' })

const Url = Type.String({ format: 'uri' })

/** RFC 8414, §2 */
export const MetadataReply = Type.Object({
  issuer: Url,
  token_endpoint: Url,
  jwks_uri: Url,
  introspection_endpoint: Url,
  revocation_endpoint: Url,
  response_types_supported: Type.Array(Type.String(), { description: 'Empty: there is no authorization endpoint' }),
  grant_types_supported: Type.Array(Type.String()),
  token_endpoint_auth_methods_supported: Type.Array(Type.String()),
  introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
  revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
  service_documentation: Url
}, { title: 'Authorization server metadata' })

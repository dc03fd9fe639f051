import { Type } from '@sinclair/typebox'
import { algorithms } from '../domain/auth/signing-keys.ts'
import { catalogue } from '../http/errors.ts'
import { oneOf } from './common.ts'

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange' as const
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

/** Names of RFC 8693. */
export const tokenExchange = { grant: exchange, accessToken } as const

/** Body of every error response of the OAuth routes (RFC 6749, §5.2). Clients switch on `error` or on `code`. */
export const OAuthFailure = Type.Object({
  error: Type.String({ description: 'Error of OAuth', examples: ['invalid_request'] }),
  error_description: Type.String({ description: 'A sentence for developers', examples: ['The request does not have the expected shape.'] }),
  code: Type.String({ enum: Object.keys(catalogue), description: 'Code of the catalogue', examples: ['CHR_VALIDATION'] }),
  request_id: Type.String({ description: 'Also in the log of the service', examples: ['Ju3x-1a'] })
}, { title: 'OAuth failure', description: 'The request was refused or failed. 429 and 503 have `Retry-After`, in seconds.' })

/**
 * `POST /token` (RFC 8693, §2.1). The handler refuses other grant types and the parameters of features that the service does not have,
 * each with its own error. Parameters that no standard names are ignored (RFC 6749, §3.2): clients send a `client_id`.
 */
export const TokenBody = Type.Object({
  grant_type: Type.String({ maxLength: 200, examples: [exchange] }),
  subject_token: Type.String({
    maxLength: 8192, description: 'The token of a session, as `POST /verify` returned it', examples: ['MFRGGZDFMZTWQ2LKNNWG23TPOA']
  }),
  subject_token_type: Type.String({ maxLength: 200, examples: [accessToken] }),
  audience: Type.String({
    maxLength: 500, description: 'One of `JWT_AUDIENCES`, or the issuer for the routes of this service', examples: ['https://orders.example.com']
  }),
  requested_token_type: Type.Optional(Type.String({ maxLength: 200, examples: [accessToken] })),
  resource: Type.Optional(Type.String({ description: 'Refused: services are named by `audience`' })),
  scope: Type.Optional(Type.String({ description: 'Refused: the service has no scopes' })),
  actor_token: Type.Optional(Type.String({ description: 'Refused: the service has no delegation' }))
}, {
  title: 'Token exchange',
  examples: [{
    grant_type: exchange,
    subject_token: 'MFRGGZDFMZTWQ2LKNNWG23TPOA',
    subject_token_type: accessToken,
    audience: 'https://orders.example.com'
  }]
})

/** RFC 8693, §2.2.1 */
export const TokenReply = Type.Object({
  access_token: Type.String({ description: 'JWT (RFC 9068)', examples: ['eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im9uZSJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl'] }),
  issued_token_type: Type.Literal(accessToken),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds', examples: [300] })
}, { title: 'Access token' })

const hint = Type.Optional(Type.String({ maxLength: 200, description: 'Ignored: the form of a token tells its type' }))

/** `POST /introspect` (RFC 7662, §2.1) and `POST /revoke` (RFC 7009, §2.1). Unknown fields are ignored (RFC 6749, §3.2). */
export const TokenToCheckBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 8192, description: 'The token of a session, or a JWT of the service' }),
  token_type_hint: hint
}, { title: 'Token to check', examples: [{ token: 'MFRGGZDFMZTWQ2LKNNWG23TPOA' }] })
export const RevocationBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 8192, description: 'The token of a session' }),
  token_type_hint: hint
}, { title: 'Token to revoke', examples: [{ token: 'MFRGGZDFMZTWQ2LKNNWG23TPOA' }] })

/** RFC 7662, §2.2. Times are seconds since the epoch. An inactive token has no member but `active`. */
export const IntrospectionReply = Type.Object({
  active: Type.Boolean({
    description: 'False for an unknown or ended token, and for a JWT whose audience is that of another server', examples: [true]
  }),
  iss: Type.Optional(Type.String({ description: 'PUBLIC_URL', examples: ['https://login.example.com'] })),
  sub: Type.Optional(Type.String({ description: 'Id of the user', examples: ['42'] })),
  aud: Type.Optional(Type.String({ description: 'Audience of a JWT; PUBLIC_URL for the token of a session', examples: ['https://login.example.com'] })),
  exp: Type.Optional(Type.Integer({ description: 'End of the token. The use of the token of a session moves it', examples: [1798740000] })),
  iat: Type.Optional(Type.Integer({ examples: [1796148000] })),
  jti: Type.Optional(Type.String({ description: 'Only for a JWT' })),
  sid: Type.Optional(Type.String({ description: 'Id of the session', examples: ['17'] })),
  auth_time: Type.Optional(Type.Integer({ description: 'Time of the login', examples: [1796148000] })),
  amr: Type.Optional(Type.Array(Type.String(), { examples: [['sms']] })),
  client_id: Type.Optional(Type.String({ examples: ['cheershare'] })),
  token_type: Type.Optional(Type.Literal('Bearer')),
  is_test: Type.Optional(Type.Boolean({ description: 'True for an account of a test number', examples: [false] }))
}, { title: 'Introspection' })

/** A public key (RFC 7517, §4) */
export const JsonWebKey = Type.Object({
  kty: Type.String({ examples: ['EC'] }),
  crv: Type.String({ examples: ['P-256'] }),
  x: Type.String({ examples: ['f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU'] }),
  y: Type.Optional(Type.String({ examples: ['x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'] })),
  kid: Type.String({ examples: ['2w6HdvJ9'] }),
  use: Type.Literal('sig'),
  alg: oneOf([...algorithms])
}, { title: 'Json web key' })

/** RFC 7517, §5 */
export const KeySetReply = Type.Object({ keys: Type.Array(JsonWebKey) }, { title: 'Key set' })

const Url = (path = '') => Type.String({ format: 'uri', examples: [`https://login.example.com${path}`] })

/** RFC 8414, §2 */
export const MetadataReply = Type.Object({
  issuer: Url(),
  token_endpoint: Url('/token'),
  jwks_uri: Url('/.well-known/jwks.json'),
  introspection_endpoint: Url('/introspect'),
  revocation_endpoint: Url('/revoke'),
  response_types_supported: Type.Array(Type.String(), { description: 'Empty: there is no authorization endpoint', examples: [[]] }),
  grant_types_supported: Type.Array(Type.String({ examples: [exchange] })),
  token_endpoint_auth_methods_supported: Type.Array(Type.String({ examples: ['none'] })),
  introspection_endpoint_auth_methods_supported: Type.Array(Type.String({ examples: ['client_secret_basic'] })),
  revocation_endpoint_auth_methods_supported: Type.Array(Type.String({ examples: ['none'] })),
  service_documentation: Url('/docs')
}, { title: 'Authorization server metadata' })

import type { Static } from '@sinclair/typebox'
import { keyCacheSeconds, type StoredKey } from '../domain/auth/signing-keys.ts'
import { tokenExchange, type JsonWebKey, type MetadataReply } from '../schemas/oauth.ts'

/** `Cache-Control` of the keys and the metadata. */
export const keyCacheControl = `public, max-age=${keyCacheSeconds}`

/**
 * Returns the metadata of the authorization server (RFC 8414, §2). There is no authorization endpoint, so that the required list of
 * response types is empty.
 */
export function serverMetadata (issuer: string): Static<typeof MetadataReply> {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    response_types_supported: [],
    grant_types_supported: [tokenExchange.grant],
    token_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['none'],
    service_documentation: `${issuer}/docs`
  }
}

/** Returns the public part of a signing key as a JWK for its users (RFC 7517, §4). */
export function toJsonWebKey ({ id, algorithm, publicKey }: Pick<StoredKey, 'id' | 'algorithm' | 'publicKey'>): Static<typeof JsonWebKey> {
  const { kty, crv, x, y } = publicKey as Pick<Static<typeof JsonWebKey>, 'kty' | 'crv' | 'x' | 'y'>
  return { kty, crv, x, ...y === undefined ? {} : { y }, kid: id, use: 'sig', alg: algorithm }
}

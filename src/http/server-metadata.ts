import { hash } from 'node:crypto'
import type { Static } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import { keyCacheSeconds, type KeyStates, type StoredKey } from '../domain/auth/signing-keys.ts'
import { tokenExchange, type JsonWebKey, type KeySetReply, type MetadataReply } from '../schemas/oauth.ts'

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

/**
 * Returns the path of the metadata at the host of the issuer. RFC 8414, §3.1 puts the well-known name before the path of the issuer:
 * that of `https://example.com/login` is `/.well-known/oauth-authorization-server/login`.
 */
export function metadataPath (issuer: string): string {
  const { pathname } = new URL(issuer)
  return `/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`
}

/**
 * Serves the metadata at the root of a host where the service itself has a path: `app.register(wellKnown, { publicUrl })`. It needs
 * no other part of the service. `publicUrl` is PUBLIC_URL.
 */
export const wellKnown: FastifyPluginAsync<{ publicUrl: string }> = async (fastify, { publicUrl }) => {
  const issuer = publicUrl.replace(/\/+$/, '')
  const metadata = serverMetadata(issuer)
  fastify.get(metadataPath(issuer), { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', keyCacheControl)
    return metadata
  })
}

/** Returns the public part of a signing key as a JWK for its users (RFC 7517, §4). */
function toJsonWebKey ({ id, algorithm, publicKey }: Pick<StoredKey, 'id' | 'algorithm' | 'publicKey'>): Static<typeof JsonWebKey> {
  const { kty, crv, x, y } = publicKey as Pick<Static<typeof JsonWebKey>, 'kty' | 'crv' | 'x' | 'y'>
  return { kty, crv, x, ...y === undefined ? {} : { y }, kid: id, use: 'sig', alg: algorithm }
}

/** Returns the published keys as a JWK set (RFC 7517, §5): the one that signs, then the coming and the former ones. */
export function toKeySet ({ next, current, previous }: KeyStates<StoredKey>): Static<typeof KeySetReply> {
  return { keys: [...current === undefined ? [] : [current], ...next, ...previous].map(toJsonWebKey) }
}

/** The entity tag of a key set, which changes with its keys. */
export function toKeySetTag ({ keys }: Static<typeof KeySetReply>): string {
  return `"${hash('sha256', keys.map(({ kid }) => kid).join(), 'base64url')}"`
}

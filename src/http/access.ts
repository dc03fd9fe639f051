import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'

/** The callers that a route admits. Every folder of routes states them by the default export of its `autohooks.ts`. */
export type Access = 'anyone' | 'user' | 'link or user' | 'secret address' | 'provider signature' | 'resource server' | 'operator' | 'this machine'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** True if a JWT is accepted only while its session is valid, whatever JWT_STATELESS says. */
    needsLiveSession?: boolean
  }
}

type Hook = 'authenticate' | 'requireUser' | 'requireResourceServer'

const refuse = (_request: FastifyRequest, _reply: FastifyReply, done: (error: Error) => void) => { done(new ApiError('CHR_UNAUTHENTICATED')) }

function grant (access: Access, hooks: readonly Hook[] = [], needsLiveSession = false): FastifyPluginAsync {
  return async (fastify) => {
    fastify.addHook('onRoute', (route) => { route.config = { ...route.config, access, ...needsLiveSession ? { needsLiveSession } : {} } })
    // A part of the service lacks hooks of folders whose routes it does not have.
    for (const hook of hooks) fastify.addHook('onRequest', fastify.hasDecorator(hook) ? fastify[hook] : refuse)
  }
}

/** Every client. */
export const anyone = grant('anyone')
/** Signed-in users: `request.session` is set, and other requests fail with `CHR_UNAUTHENTICATED`. */
export const requireUser = grant('user', ['authenticate', 'requireUser'])
/** `requireUser` for accounts and sessions: the session of a JWT is always looked up. */
export const requireLiveUser = grant('user', ['authenticate', 'requireUser'], true)
/** Holders of a signed link, and signed-in users. The service checks the link; `request.session` is null without a token. */
export const linkOrUser = grant('link or user', ['authenticate'])
/** Clients that know the address, which contains a random id or key. */
export const secretAddress = grant('secret address')
/** Requests that a provider has signed. The route checks the signature. */
export const providerSignature = grant('provider signature')
/** Services of RESOURCE_SERVERS: `request.resourceServer` is set, and other requests fail with `CHR_CLIENT_INVALID`. */
export const requireResourceServer = grant('resource server', ['requireResourceServer'])
/** Probes and monitoring. The service does not authenticate them, so the network must keep others out. */
export const operator = grant('operator')
/** Browsers on the machine of the service. The route checks the address. */
export const thisMachine = grant('this machine')

/**
 * Returns the session of a request.
 * @throws {ApiError} `CHR_UNAUTHENTICATED` if the request is anonymous
 */
export function getSession (request: FastifyRequest) {
  if (request.session === null) throw new ApiError('CHR_UNAUTHENTICATED')
  return request.session
}

/**
 * Returns the resource server that sent a request.
 * @throws {ApiError} `CHR_CLIENT_INVALID` if the request has no valid credentials
 */
export function getResourceServer ({ resourceServer }: FastifyRequest) {
  if (resourceServer === null) throw new ApiError('CHR_CLIENT_INVALID')
  return resourceServer
}

import type { FastifyReply, FastifyRequest } from 'fastify'

// This module imports nothing of the service, because the modules there extend the types of Fastify by names such as `config`, which
// a host may use for something else.

/** A hook for `onRequest`. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void

/** The session of a token. Times are in milliseconds since 1970. */
export interface UserSession {
  id: number
  userId: number
  /** Time of the login. */
  startedAt: number
  lastUsedAt: number
  expiresAt: number
}

export interface UserAccount {
  id: number
  name: string
  /** E.164. */
  phoneNumber: string
  /** IANA name; `null` for the default. */
  timeZone: string | null
  /** True if the account was created with a test number. */
  isTest: boolean
}

/** What the host's own routes use. Refusals are errors with `statusCode` and `code`, which go to the error handler of the host. */
export interface Cheershare {
  /** Hook: reads the token of a request. Without one the request is anonymous; a wrong one fails with 401 `CHR_UNAUTHENTICATED`. */
  authenticate: Guard
  /** Hook after `authenticate`: refuses anonymous requests with 401 `CHR_UNAUTHENTICATED`. */
  requireUser: Guard
  /** Hook after `authenticate`: refuses with 403 `CHR_REAUTHENTICATE` if the login was over 10 minutes ago. */
  requireRecentLogin: Guard
  /** Returns the session that `authenticate` has found; `undefined` for an anonymous request. */
  sessionOf (request: FastifyRequest): UserSession | undefined
  /** Returns an account; `undefined` if there is none. Rejects with 503 `CHR_UNAVAILABLE` while PostgreSQL is down. */
  findUser (userId: number): Promise<UserAccount | undefined>
}

declare module 'fastify' {
  interface FastifyInstance { cheershare: Cheershare }
}

import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findOrCreateOwner } from '../../db/owners.ts'
import type { Session } from '../../db/tokens.ts'
import { getSession } from '../http/access.ts'
import { isTimeZone } from '../domain/creatives/schedule.ts'
import { getHostRequest } from './hand-over.ts'

/** A user of the host. */
export interface HostUser {
  /** Id of the user in the host. It must not change. */
  id: string
  name?: string
  /** IANA name; decides which date is "today". An unknown one counts as unset. */
  timeZone?: string
}

/** Returns the user of a request to the host; `undefined` for an anonymous one. An error refuses the request with its `statusCode`. */
export type UserOf = (request: FastifyRequest) => HostUser | undefined | Promise<HostUser | undefined>

/** Creates the plugin that takes the place of `authentication` and asks the host for the user of a request. */
export function createHostUsers (userOf: UserOf): FastifyPluginAsync {
  return fp(async (fastify) => {
    fastify.decorateRequest('session', null)

    async function findSession (request: FastifyRequest): Promise<Session | null> {
      const user = await userOf(getHostRequest(request.raw))
      if (user === undefined) return null
      const { id, name = '', timeZone } = user
      const userId = await findOrCreateOwner(fastify.db, { id, name, timeZone: timeZone !== undefined && isTimeZone(timeZone) ? timeZone : null })
      const now = fastify.clock.now()
      return { id: 0, userId, startedAt: now, lastUsedAt: now, expiresAt: now, finalExpiresAt: now }
    }

    fastify.decorate('authenticate', (request, _reply, done) => {
      findSession(request).then((session) => {
        request.session = session
        done()
      }, done)
    })
    fastify.decorate('requireUser', (request, _reply, done) => {
      getSession(request)
      done()
    })
  }, { name: 'authentication', fastify: '5.x' })
}

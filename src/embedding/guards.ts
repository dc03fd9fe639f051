import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findUser } from '../../db/users.ts'
import { toApiError } from '../http/error-response.ts'
import { ApiError } from '../http/errors.ts'
import type { Cheershare, Guard } from './types.ts'

/**
 * Creates the decorator of the host. Its hooks run those of the service on a view of the host's request: an object that inherits from
 * the request and has a session of its own, so that `request.session` of the host, as @fastify/session sets it, is not touched.
 */
export function createGuards (service: FastifyInstance): Cheershare {
  const views = new WeakMap<FastifyRequest, FastifyRequest>()

  function viewOf (request: FastifyRequest): FastifyRequest {
    const view = views.get(request) ?? Object.create(request, {
      session: { value: null, writable: true }, server: { value: service }
    }) as FastifyRequest
    views.set(request, view)
    return view
  }

  const sessionOf = (request: FastifyRequest) => views.get(request)?.session ?? undefined

  const requireUser: Guard = (request, reply, done) => {
    done(sessionOf(request) === undefined ? refuse(new ApiError('CHR_UNAUTHENTICATED'), reply) : undefined)
  }

  return {
    authenticate (request, reply, done) {
      service.authenticate(viewOf(request), reply, (error) => { done(error === undefined ? undefined : refuse(error, reply)) })
    },
    requireUser,
    requireRecentLogin (request, reply, done) {
      requireUser(request, reply, (error) => {
        if (error === undefined) service.requireRecentLogin(viewOf(request), reply, done)
        else done(error)
      })
    },
    sessionOf,
    async findUser (userId) {
      const user = await findUser(service.db, userId)
      if (user === undefined) return undefined
      const { id, name, phone_number: phoneNumber, time_zone: timeZone, is_test: isTest } = user
      return { id, name, phoneNumber, timeZone, isTest }
    }
  }
}

/** Returns the error for the error handler of the host, and sets the headers that go with it. */
function refuse (error: Error, reply: FastifyReply): ApiError {
  const failure = toApiError(error)
  if (failure.code === 'CHR_UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', failure.retryAfterSeconds)
  return failure
}

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../src/http/errors.ts'
import { getSession } from '../../src/http/access.ts'
import { rejectBody } from '../../src/http/reject-body.ts'
import { meReply } from '../../src/http/serializers.ts'
import { CurrentReply, Done, MeConflict, MePatch, MeReply } from '../../src/schemas/me.ts'

const tags = ['account']

const meRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts } = fastify

  fastify.get('', {
    schema: {
      operationId: 'getAccount',
      tags,
      summary: 'Get the account of the signed-in user',
      description: 'Send its `version` to change it. `session` has the current end of the session of the request.',
      response: { 200: CurrentReply }
    }
  }, async (request) => {
    const { id, userId, expiresAt, finalExpiresAt } = getSession(request)
    const session = { id, expires_at: new Date(expiresAt).toISOString(), ends_at: new Date(finalExpiresAt).toISOString() }
    return { data: meReply(await accounts.get(userId)), session }
  })

  fastify.patch('', {
    schema: {
      operationId: 'changeAccount',
      tags,
      summary: 'Change name or time zone',
      description:
        'Send the `version` that you have seen. If it is not the current one, nothing changes, and 409 `CHR_VERSION_CONFLICT` ' +
        'contains the current state.',
      body: MePatch,
      failures: ['CHR_TIME_ZONE_UNKNOWN', 'CHR_VERSION_CONFLICT'],
      response: { 200: MeReply, 409: MeConflict }
    }
  }, async (request) => {
    const { name, time_zone: timeZone, version } = request.body
    const changes = { version, ...(name === undefined ? {} : { name }), ...(timeZone === undefined ? {} : { timeZone }) }
    const update = await accounts.update(getSession(request).userId, changes)
    if (update.kind === 'conflict') throw new ApiError('CHR_VERSION_CONFLICT', { current: meReply(update.current) })
    return { data: meReply(update.user) }
  })

  await fastify.register(deletion)
}

const deletion: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, sessionCookie } = fastify
  rejectBody(fastify)

  fastify.delete('', {
    onRequest: fastify.requireRecentLogin,
    schema: {
      operationId: 'deleteAccount',
      tags,
      summary: 'Delete the account',
      description:
        'Deletes all its data: sessions, creatives and their images, live codes. Requires a login within the last 10 minutes, ' +
        'or answers 403 `CHR_REAUTHENTICATE`.',
      responseHeaders: { 200: ['Set-Cookie'] },
      failures: ['CHR_REAUTHENTICATE'],
      response: { 200: Done }
    }
  }, async (request, reply) => {
    await accounts.delete(getSession(request).userId)
    sessionCookie.end(request, reply)
    return { success: true as const, message: 'Account deleted' }
  })
}

export default meRoutes

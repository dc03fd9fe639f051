import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { exportReply } from '../../../src/http/serializers.ts'
import { ExportReply } from '../../../src/schemas/me.ts'

const exportRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, creatives, clock } = fastify

  fastify.get('', {
    schema: {
      operationId: 'exportAccount',
      tags: ['account'],
      summary: 'Export all data stored about you',
      description: 'One JSON document with the account, sessions, devices and creatives.',
      response: { 200: ExportReply }
    }
  }, async (request) => {
    const userData = await accounts.export(getSession(request).userId)
    return exportReply(userData, { now: new Date(clock.now()), linksTo: (creative) => creatives.linksTo(creative) })
  })
}

export default exportRoute

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getSession } from '../../../src/http/access.ts'
import { exportReply } from '../../../src/http/serializers.ts'
import { bearer, failures } from '../../../src/schemas/common.ts'
import { ExportReply } from '../../../src/schemas/me.ts'

const exportRoute: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, creatives, clock } = fastify

  fastify.get('', {
    schema: {
      operationId: 'exportMe',
      tags: ['account'],
      summary: 'Export all data stored about you',
      security: bearer,
      response: { 200: ExportReply, ...failures }
    }
  }, async (request) => {
    const userData = await accounts.export(getSession(request).userId)
    return exportReply(userData, { now: new Date(clock.now()), linksTo: (creative) => creatives.linksTo(creative) })
  })
}

export default exportRoute

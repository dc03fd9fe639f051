import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { DependencyState } from '../../plugins/platform/health.ts'
import { failureBody } from '../../src/http/error-response.ts'
import { ApiError } from '../../src/http/errors.ts'
import { Failure, oneOf } from '../../src/schemas/common.ts'

/** Why a dependency makes the service unready, by the state of the dependency. */
const failureOf: Partial<Record<DependencyState, string>> = { down: 'does not answer', refusing: 'refuses writes' }

const healthRoutes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get('/live', {
    schema: {
      operationId: 'getLiveness',
      tags: ['operations'],
      summary: 'Whether the process runs',
      description: 'Answers while the process can answer at all, whatever the state of its dependencies.',
      response: { 200: Type.Object({ status: Type.Literal('live') }, { title: 'Liveness' }) }
    }
  }, async () => ({ status: 'live' as const }))

  fastify.get('/ready', {
    schema: {
      operationId: 'getReadiness',
      tags: ['operations'],
      summary: 'Whether every dependency answers',
      description:
        'Answers 503 with the names of the dependencies that do not answer or refuse writes, or with `service` from the stop signal on. ' +
        '`degraded` means that the service works but needs an ' +
        'operator, for example because an SMS provider (`sms:...`) refuses the credentials.',
      response: {
        200: Type.Object({
          status: oneOf(['ready', 'degraded']),
          dependencies: Type.Record(Type.String(), oneOf(['up', 'degraded']), { examples: [{ postgres: 'up', redis: 'up', storage: 'up' }] })
        }, { title: 'Readiness' }),
        503: Failure
      }
    }
  }, async (request, reply) => {
    if (fastify.stopSignal.aborted) {
      // Sent without an error, which would be logged for each probe of a balancer.
      const failure = new ApiError('CHR_UNAVAILABLE', { details: [{ path: 'service', message: 'is shutting down' }] })
      return reply.code(503).header('retry-after', failure.retryAfterSeconds).send(failureBody(failure, request.id))
    }
    const report = await fastify.health.report()
    const down = [...report].flatMap(([path, state]) => {
      const message = failureOf[state]
      return message === undefined ? [] : [{ path, message }]
    })
    if (down.length > 0) throw new ApiError('CHR_UNAVAILABLE', { details: down })
    const dependencies = Object.fromEntries([...report].map(([name, state]) => [name, state === 'degraded' ? state : 'up' as const]))
    return { status: Object.values(dependencies).includes('degraded') ? 'degraded' as const : 'ready' as const, dependencies }
  })
}

export default healthRoutes

import type { FastifyInstance } from 'fastify'
import { findUndeclared } from './declared.ts'
import { readOperations } from './operations.ts'

type Report = (problem: string) => void | Promise<void>

const reports = new WeakMap<FastifyInstance, Report>()
const operations = new Map(readOperations().map((operation) => [operation.operationId, operation]))

/**
 * Reports each status and each code that a route of the instance answers and the committed document does not declare for it. A route is
 * known by its operation id, so that routes of host applications and of tests are not compared. Call it before routes are added; a
 * second call replaces `report`.
 */
export function watchAnswers (fastify: FastifyInstance, report: Report): void {
  const isWatched = reports.has(fastify)
  reports.set(fastify, report)
  if (isWatched) return
  const reported = new Set<string>()
  fastify.addHook('onSend', async ({ routeOptions: { schema } }, { statusCode }, payload) => {
    const operation = operations.get(schema?.operationId ?? '')
    const problem = operation === undefined ? undefined : findUndeclared(operation, { statusCode, body: typeof payload === 'string' ? payload : '' })
    if (problem !== undefined && !reported.has(problem)) {
      reported.add(problem)
      await reports.get(fastify)?.(problem)
    }
    return payload
  })
}

/** Fails the running test. Programs that are no tests load this module too, so tap is only loaded for a failure. */
export async function failTest (problem: string): Promise<void> {
  const { currentTest } = await import('../batches/run.ts')
  currentTest().fail(`${problem}; declare it in the schema of the route, then run npm run openapi`)
}

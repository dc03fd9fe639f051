import fp from 'fastify-plugin'
import { withTimeout } from '../../src/process/timeout.ts'

/**
 * A `degraded` dependency still does a part of its work, so the service stays ready. A `refusing` one answers, but takes no
 * writes.
 */
export type DependencyState = 'up' | 'degraded' | 'refusing' | 'down'

/** Rejects when the dependency does not reply. A check that resolves to nothing reports `up`. */
export type HealthCheck = () => Promise<Exclude<DependencyState, 'down'> | void>

export interface Health {
  add (name: string, check: HealthCheck): void
  /** Reports something beside the dependencies as `degraded`, until it is called with `false`. */
  setDegraded (name: string, isDegraded: boolean): void
  /** Checks all dependencies concurrently, each for at most a second, or DEPENDENCY_TIMEOUT_MS. */
  report (): Promise<Map<string, DependencyState>>
}

declare module 'fastify' {
  interface FastifyInstance { health: Health }
}

const timedOut = Symbol('timed out')

/** Reports the state of the dependencies. Each plugin with a dependency adds a check for it. */
export default fp(async (fastify) => {
  const { healthMs } = fastify.config.process.timeouts
  const checks = new Map<string, HealthCheck>()

  async function runCheck (name: string, check: HealthCheck): Promise<[string, DependencyState]> {
    try {
      const state = await withTimeout(healthMs, check(), timedOut)
      if (state === timedOut) throw new Error(`no reply within ${healthMs} ms`)
      return [name, state ?? 'up']
    } catch (error) {
      fastify.log.debug({ err: error, dependency: name }, 'health check failed')
      return [name, 'down']
    }
  }

  fastify.decorate('health', {
    add (name, check) { checks.set(name, check) },
    setDegraded (name, isDegraded) {
      if (isDegraded) checks.set(name, async () => 'degraded')
      else checks.delete(name)
    },
    async report () { return new Map(await Promise.all([...checks].map(async ([name, check]) => await runCheck(name, check)))) }
  })
}, { name: 'health', fastify: '5.x' })

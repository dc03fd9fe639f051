import fp from 'fastify-plugin'

/** `degraded` does a part of its work, so that the service goes on. */
export type DependencyState = 'up' | 'degraded' | 'down'

/** Rejects when the dependency does not answer; one that has nothing to say is up. */
export type HealthCheck = () => Promise<Exclude<DependencyState, 'down'> | void>

export interface Health {
  add (name: string, check: HealthCheck): void
  /** Asks every dependency at once, each for at most a second. */
  report (): Promise<Map<string, DependencyState>>
}

declare module 'fastify' {
  interface FastifyInstance { health: Health }
}

const answerWithinMs = 900

/** Offers `health`, where each plugin that holds a dependency says how to ask it. */
export default fp(async (fastify) => {
  const checks = new Map<string, HealthCheck>()

  async function ask (name: string, check: HealthCheck): Promise<[string, DependencyState]> {
    let timer: NodeJS.Timeout | undefined
    const overdue = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs)
    })
    try {
      return [name, await Promise.race([check(), overdue]).finally(() => clearTimeout(timer)) ?? 'up']
    } catch (error) {
      fastify.log.debug({ err: error, dependency: name }, 'health check failed')
      return [name, 'down']
    }
  }

  fastify.decorate('health', {
    add (name, check) { checks.set(name, check) },
    async report () { return new Map(await Promise.all([...checks].map(async ([name, check]) => await ask(name, check)))) }
  })
}, { name: 'health', fastify: '5.x' })

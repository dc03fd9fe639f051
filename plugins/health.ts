import fp from 'fastify-plugin'

/** Rejects when the dependency does not answer. */
export type HealthCheck = () => Promise<void>

export interface Health {
  add (name: string, check: HealthCheck): void
  /** Asks every dependency at once, each for at most a second. */
  report (): Promise<Map<string, 'up' | 'down'>>
}

declare module 'fastify' {
  interface FastifyInstance { health: Health }
}

const answerWithinMs = 900

/** Offers `health`, where each plugin that holds a dependency says how to ask it. */
export default fp(async (fastify) => {
  const checks = new Map<string, HealthCheck>()

  async function ask (name: string, check: HealthCheck): Promise<[string, 'up' | 'down']> {
    let timer: NodeJS.Timeout | undefined
    const overdue = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs)
    })
    try {
      await Promise.race([check(), overdue]).finally(() => clearTimeout(timer))
      return [name, 'up']
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

import type { FastifyInstance } from 'fastify'

export interface PeriodicWork {
  everyMs: number
  /** Stops early once the signal is aborted. */
  run (signal: AbortSignal): Promise<unknown>
  /** Said in the log where it fails; the next time makes up for it. */
  failure: string
}

/** Repeats work until the service closes, never twice at once. Close ends the work under way early and waits for it. */
export function repeatEvery (fastify: FastifyInstance, { everyMs, run, failure }: PeriodicWork): void {
  const closing = new AbortController()
  let underWay: Promise<unknown> | undefined

  const timer = setInterval(() => {
    underWay ??= run(closing.signal).catch((error: unknown) => { fastify.log.warn({ err: error }, failure) })
      .finally(() => { underWay = undefined })
  }, everyMs).unref()

  fastify.addHook('preClose', async () => {
    closing.abort()
    clearInterval(timer)
  })
  fastify.addHook('onClose', async () => { await underWay })
}

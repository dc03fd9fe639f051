import type { FastifyInstance } from 'fastify'

export interface PeriodicWork {
  everyMs: number
  /** Stops early once the signal is aborted. */
  run (signal: AbortSignal): Promise<unknown>
  /** Log message when a run fails. The next run repeats the work. */
  failure: string
}

/** Repeats work until the service closes, one run at a time. Close aborts the current run and waits for it. */
export function repeatEvery (fastify: FastifyInstance, { everyMs, run, failure }: PeriodicWork): void {
  const closing = new AbortController()
  let inFlight: Promise<unknown> | undefined

  const timer = setInterval(() => {
    inFlight ??= run(closing.signal).catch((error: unknown) => { fastify.log.warn({ err: error }, failure) })
      .finally(() => { inFlight = undefined })
  }, everyMs).unref()

  fastify.addHook('preClose', async () => {
    closing.abort()
    clearInterval(timer)
  })
  fastify.addHook('onClose', async () => { await inFlight })
}

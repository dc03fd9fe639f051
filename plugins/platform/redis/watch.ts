import type { FastifyBaseLogger } from 'fastify'
import { isErrorReply, isTimeout } from '../../../src/redis/failures.ts'

/** Probes without a reply, one after another, after which a new connection may reach another server. */
const maximumSilent = 3

export interface RedisWatch {
  /** Records the end of a connection. */
  lose (reason: unknown): void
  /** Probes the server, and records the result. Never rejects. */
  check (): Promise<void>
}

export interface RedisWatchOptions {
  log: FastifyBaseLogger
  probe (): Promise<void>
  /** Closes a connection that gives no replies, and opens another. */
  reconnect (): void
}

/**
 * Follows whether Redis answers and takes writes. In each outage it logs once that Redis does not answer and once that it refuses
 * writes, and at the end that it answers again, so that a server which comes and goes does not fill the log.
 */
export function createRedisWatch ({ log, probe, reconnect }: RedisWatchOptions): RedisWatch {
  /** The failures of the current outage that are in the log; empty while there is no outage. */
  const said = new Set<string>()
  let silentProbes = 0

  function report (error: unknown): void {
    const message = isErrorReply(error) ? 'Redis refuses writes' : 'Redis does not answer'
    if (said.has(message)) return
    said.add(message)
    log.error({ err: error }, message)
  }

  function recover (): void {
    if (said.size > 0) log.info('Redis answers again')
    said.clear()
  }

  return {
    lose: report,
    async check () {
      const error = await probe().then(() => undefined, (error: unknown) => error)
      silentProbes = isTimeout(error) ? silentProbes + 1 : 0
      if (error === undefined) return recover()
      // A busy process may read one reply too late.
      if (silentProbes !== 1) report(error)
      if (silentProbes < maximumSilent) return
      silentProbes = 0
      reconnect()
    }
  }
}

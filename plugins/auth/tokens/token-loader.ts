import { findSessions, type Session } from '../../../db/tokens.ts'
import type { Clock } from '../../../src/process/clock.ts'
import { authenticationScope, hexHashToken } from '../../../src/domain/auth/token.ts'
import type { GuardedClient, GuardedPool } from '../../platform/postgres/guard.ts'
import type { TokenActivity } from './token-activity.ts'

export interface TokenLoaderOptions {
  connections: GuardedPool
  clock: Clock
  activity: TokenActivity
}

interface Request {
  /** SHA-256 of the token in hex. */
  hash: string
  resolve (session: Session | undefined | Promise<Session | undefined>): void
  reject (error: unknown): void
}

/** A larger batch would only delay its first caller. */
const maximumBatch = 500
/** Start another query once this many requests wait. Fewer wait until a query returns, which takes less work in total. */
const worthwhileBatch = 16
/** Start another query after this time in any case, since a query that is stuck must not block all requests. */
const maximumWaitMs = 25
const maximumInFlight = 4

/**
 * Creates a function that finds the session of a token. All requests of one event-loop turn share a query, which under load
 * takes a third of the time of a query for each. A single request waits only for the end of its turn. The gain shows in
 * `npm run bench` as the rate of authenticated requests.
 */
export function createTokenLoader (
  { connections, clock, activity }: TokenLoaderOptions
): (plaintext: string) => Promise<Session | undefined> {
  const waiting: Request[] = []
  /** Connections that are retained between queries while no other caller waits, since the pool takes a quarter of the time of a query. */
  const free: GuardedClient[] = []
  let inFlight = 0
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined

  function releaseFree (retained = 0): void {
    for (const connection of free.splice(retained)) connection.release()
  }

  function acquireFree (): GuardedClient | undefined {
    for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
      if (connection.isUsable) return connection
      connection.release()
    }
    return undefined
  }

  async function find (batch: readonly Request[], now: number): Promise<Array<Session | undefined>> {
    const connection = acquireFree() ?? await connections.connect()
    try {
      return await findSessions(connection, batch.map(({ hash }) => hash), { scope: authenticationScope, now: new Date(now) })
    } finally {
      free.push(connection)
      if (connections.waitingCount > 0) releaseFree()
    }
  }

  function query (batch: readonly Request[]): void {
    inFlight += 1
    startedAt = performance.now()
    const now = clock.now()
    find(batch, now).then((sessions) => {
      batch.forEach(({ resolve }, index) => {
        const session = sessions[index]
        const extended = session === undefined ? undefined : activity.record(session, now)
        if (extended === undefined) resolve(session)
        else resolve(extended.then(() => session))
      })
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }).finally(() => {
      inFlight -= 1
      setImmediate(flush)
    })
  }

  function isWorthwhile (): boolean {
    return inFlight === 0 || waiting.length >= worthwhileBatch || performance.now() - startedAt >= maximumWaitMs
  }

  function flush (): void {
    while (waiting.length > 0 && inFlight < maximumInFlight && isWorthwhile()) query(waiting.splice(0, maximumBatch))
    // Retains one connection for the next batch.
    releaseFree(inFlight === 0 || connections.waitingCount > 0 ? 0 : 1)
    if (waiting.length === 0 || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      flush()
    }, maximumWaitMs)
  }

  return (plaintext) => new Promise((resolve, reject) => {
    if (waiting.push({ hash: hexHashToken(plaintext), resolve, reject }) === 1) setImmediate(flush)
  })
}

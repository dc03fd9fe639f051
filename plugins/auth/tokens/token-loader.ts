import { findSessions, type Session } from '../../../db/tokens.ts'
import type { Clock } from '../../../src/process/clock.ts'
import { authenticationScope, hexHashToken } from '../../../src/domain/auth/token.ts'
import type { GuardedClient, GuardedPool } from '../../platform/postgres/guard.ts'
import type { TokenActivity } from './token-activity.ts'

export interface LookUpNeeds {
  connections: GuardedPool
  clock: Clock
  activity: TokenActivity
}

interface LookUp {
  /** In hex. */
  hash: string
  resolve (session: Session | undefined | Promise<Session | undefined>): void
  reject (error: unknown): void
}

/** A bigger batch would only make its first caller wait. */
const maximumBatch = 500
/** As many are worth a query of their own while others are under way; fewer gather until one is back, which is less work. */
const worthwhileBatch = 16
/** Unless none comes back: one statement that is stuck must not hold up everybody. */
const patienceMs = 25
const maximumUnderWay = 4

/**
 * Finds the session of a token. The look-ups of an event-loop turn go out as one query, which costs under load a
 * third of a query each; a lone look-up waits for nothing but the end of its turn.
 */
export function createLookUps ({ connections, clock, activity }: LookUpNeeds): (plaintext: string) => Promise<Session | undefined> {
  const waiting: LookUp[] = []
  /** Kept from one query to the next, while nobody else waits for them: the pool's part costs a quarter of a query. */
  const free: GuardedClient[] = []
  let underWay = 0
  let askedAt = 0
  let timer: NodeJS.Timeout | undefined

  function giveBack (kept = 0): void {
    for (const connection of free.splice(kept)) connection.release()
  }

  function takeFree (): GuardedClient | undefined {
    for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
      if (connection.isUsable) return connection
      connection.release()
    }
    return undefined
  }

  async function find (batch: readonly LookUp[], now: number): Promise<Array<Session | undefined>> {
    const connection = takeFree() ?? await connections.connect()
    try {
      return await findSessions(connection, batch.map(({ hash }) => hash), { scope: authenticationScope, now: new Date(now) })
    } finally {
      free.push(connection)
      if (connections.waitingCount > 0) giveBack()
    }
  }

  function ask (batch: readonly LookUp[]): void {
    underWay += 1
    askedAt = performance.now()
    const now = clock.now()
    find(batch, now).then((sessions) => {
      batch.forEach(({ resolve }, place) => {
        const session = sessions[place]
        const extended = session === undefined ? undefined : activity.record(session, now)
        if (extended === undefined) resolve(session)
        else resolve(extended.then(() => session))
      })
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }).finally(() => {
      underWay -= 1
      setImmediate(flush)
    })
  }

  function isWorthwhile (): boolean {
    return underWay === 0 || waiting.length >= worthwhileBatch || performance.now() - askedAt >= patienceMs
  }

  function flush (): void {
    while (waiting.length > 0 && underWay < maximumUnderWay && isWorthwhile()) ask(waiting.splice(0, maximumBatch))
    // One more than those in use, for the next batch.
    giveBack(underWay === 0 || connections.waitingCount > 0 ? 0 : 1)
    if (waiting.length === 0 || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      flush()
    }, patienceMs)
  }

  return (plaintext) => new Promise((resolve, reject) => {
    if (waiting.push({ hash: hexHashToken(plaintext), resolve, reject }) === 1) setImmediate(flush)
  })
}

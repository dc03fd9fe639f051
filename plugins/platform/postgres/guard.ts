import { hash } from 'node:crypto'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { isConnectionLoss, isUnavailable } from '../../../db/errors.ts'
import { createQualifier, defaultSchema } from '../../../db/qualify.ts'
import { UnavailableError } from '../../../src/http/errors.ts'

/** Detects that the server is down and rejects the work that waits for it. */
export interface Outage {
  /** Set while the server is known to be down. */
  readonly reason: Error | undefined
  /** Number of outages so far. */
  readonly count: number
  /** Calls `reject` when the server goes down. Returns a function that cancels this. */
  onDown (reject: (error: Error) => void): () => void
  /** Number of statements that succeeded. A server that executes statements is not down, however long a probe waits behind them. */
  replies: number
}

/** A connection that its caller must release. */
export interface GuardedClient extends PostgresPoolClient {
  /** True unless the connection is broken or older than the last outage. Check it before reusing a retained connection. */
  readonly isUsable: boolean
}

export interface GuardedPool extends PostgresPool {
  /** Number of callers that wait for a connection. */
  readonly waitingCount: number
  connect (): Promise<GuardedClient>
}

/**
 * Wraps a pg pool for Kysely. With `isPrepared` each statement is prepared once per connection, which reduces its cost to a third
 * of that of an unnamed one, and its tables are qualified with the schema. It fails at once while the server is down, and a lost server is reported as an `UnavailableError`.
 */
export function guardPool (pool: Pool, outage: Outage, { isPrepared, schema = defaultSchema }: { isPrepared: boolean, schema?: string }): GuardedPool {
  const qualify = createQualifier(schema)
  const getStatementName = isPrepared ? createStatementNames() : () => undefined
  // Number of outages when each connection was created; initial connections count as 0.
  const madeAfter = new WeakMap<PoolClient, number>()
  pool.on('connect', (client) => { madeAfter.set(client, outage.count) })

  const guarded = new WeakMap<PoolClient, GuardedClient>()
  const isCurrent = (client: PoolClient) => outage.reason === undefined && (madeAfter.get(client) ?? 0) === outage.count

  function guardedOf (client: PoolClient): GuardedClient {
    const guard = guarded.get(client) ?? guardClient(client, { outage, qualify, getStatementName, isCurrent })
    guarded.set(client, guard)
    return guard
  }

  async function connect (): Promise<GuardedClient> {
    for (;;) {
      if (outage.reason !== undefined) throw new UnavailableError('postgres', outage.reason)
      const client = await pool.connect().catch((error: unknown) => { throw new UnavailableError('postgres', error) })
      if (isCurrent(client)) return guardedOf(client)
      // A connection older than the last outage may be dead without an error, so that its user would wait for ever.
      client.release(true)
    }
  }

  return { connect, get waitingCount () { return pool.waitingCount }, end: async () => {}, options: {} }
}

interface GuardParts {
  outage: Outage
  qualify (text: string): string
  getStatementName (text: string): string | undefined
  isCurrent (client: PoolClient): boolean
}

function guardClient (client: PoolClient, { outage, qualify, getStatementName, isCurrent }: GuardParts): GuardedClient {
  let isBroken = false
  // A connection that dies while it is in use also emits 'error', which would end the process without a listener.
  client.on('error', () => { isBroken = true })

  function query (statement: string, values: readonly unknown[]) {
    const text = qualify(statement)
    return new Promise((resolve, reject) => {
      const forget = outage.onDown((reason) => {
        isBroken = true
        reject(new UnavailableError('postgres', reason))
      })
      // A callback costs less than promises, and this is the hottest path. `npm run bench` shows it as the rate of auth checks.
      client.query({ name: getStatementName(text), text, values: [...values] }, (error: unknown, result) => {
        forget()
        if (error === undefined || error === null) {
          outage.replies += 1
          return resolve(result)
        }
        isBroken ||= isConnectionLoss(error)
        reject(isUnavailable(error) ? new UnavailableError('postgres', error) : error)
      })
    })
  }

  return {
    query,
    get isUsable () { return !isBroken && isCurrent(client) },
    release: (destroy?: boolean) => { client.release(destroy === true || isBroken) }
  } as GuardedClient
}

/** The number of statement texts is small, because values are parameters. Beyond this bound, statements are sent unnamed. */
const maximumStatements = 500

function createStatementNames () {
  const names = new Map<string, string>()
  return (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= maximumStatements) return known
    // Equal names mean equal texts, also where connections of several processes share a session of the server.
    const name = `cheershare_${hash('sha256', text).slice(0, 32)}`
    names.set(text, name)
    return name
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type ClientConfig } from 'pg'
import type { Outage } from './guard.ts'

/** A server that froze answers nothing and breaks no connection: only asking finds out. Both stay well under a second. */
const pauseMs = 250
const answerWithinMs = 500

export interface Watch extends Outage {
  stop (): Promise<void>
}

/** Asks the server for a sign of life over a connection of its own, for as long as the service runs. */
export function watchServer (config: ClientConfig, onChange: (reason: Error | undefined) => void): Watch {
  const waiting = new Set<(error: Error) => void>()
  let reason: Error | undefined
  let count = 0
  const stopping = new AbortController()

  function note (next: Error | undefined): void {
    if ((reason === undefined) !== (next === undefined)) onChange(next)
    if (reason === undefined && next !== undefined) count++
    reason = next
    if (next === undefined) return
    for (const reject of waiting) reject(next)
    waiting.clear()
  }

  const watching = (async () => {
    let client: pg.Client | undefined
    while (!stopping.signal.aborted) {
      try {
        client ??= await connect(config)
        await answerOf(client)
        note(undefined)
      } catch (error) {
        const wasConnected = client !== undefined && reason === undefined
        if (client !== undefined) discard(client)
        client = undefined
        // A lost connection is not yet a lost server: a new one tells, at once.
        if (wasConnected && !(error instanceof Overdue)) continue
        note(error as Error)
      }
      await sleep(pauseMs, undefined, { ref: false })
    }
    await client?.end()
  })()

  return {
    get reason () { return reason },
    get count () { return count },
    onDown (reject) {
      waiting.add(reject)
      return () => waiting.delete(reject)
    },
    async stop () {
      stopping.abort()
      await Promise.race([watching, sleep(answerWithinMs + pauseMs)])
    }
  }
}

class Overdue extends Error {}

async function connect (config: ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: answerWithinMs })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** A busy process may read the answer late, so what has arrived meanwhile is read before the time counts as over. */
async function answerOf (client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => setImmediate(() => setImmediate(reject, new Overdue(`no answer within ${answerWithinMs} ms`))), answerWithinMs)
  })
  const answer = client.query('select 1')
  answer.catch(() => {})
  try {
    await Promise.race([answer, overdue])
  } finally {
    clearTimeout(timer)
    overdue.catch(() => {})
  }
}

function discard (client: pg.Client): void {
  client.end().catch(() => {})
}

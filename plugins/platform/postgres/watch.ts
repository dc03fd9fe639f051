import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type ClientConfig } from 'pg'
import type { Outage } from './guard.ts'

/** Time between two probes. */
const pauseMs = 250

export interface Watch extends Outage {
  stop (): Promise<void>
}

/**
 * Probes the server over a connection of its own until `stop`, since a frozen server neither replies nor closes connections.
 * A probe without a reply within `probeMs` means that the server is down.
 */
export function watchServer (config: ClientConfig, probeMs: number, onChange: (reason: Error | undefined) => void): Watch {
  const waiting = new Set<(error: Error) => void>()
  let reason: Error | undefined
  let count = 0
  const stopping = new AbortController()

  function record (next: Error | undefined): void {
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
        client ??= await connect(config, probeMs)
        await probe(client, probeMs)
        record(undefined)
      } catch (error) {
        const wasConnected = client !== undefined && reason === undefined
        if (client !== undefined) discard(client)
        client = undefined
        // The server may be up although its connection was lost, so the next probe connects again at once.
        if (wasConnected && !(error instanceof ProbeTimeoutError)) continue
        record(error as Error)
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
      await Promise.race([watching, sleep(probeMs + pauseMs)])
    }
  }
}

class ProbeTimeoutError extends Error {}

async function connect (config: ClientConfig, timeoutMs: number): Promise<pg.Client> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: timeoutMs })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** After the timeout of a busy process, replies that have arrived already are read before the probe fails. */
async function probe (client: pg.Client, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => setImmediate(() => setImmediate(reject, new ProbeTimeoutError(`no answer within ${timeoutMs} ms`))), timeoutMs)
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

import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import pg, { type ClientConfig } from 'pg'
import { withTimeout } from '../../../src/process/timeout.ts'
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

  const watch: Watch = {
    get reason () { return reason },
    get count () { return count },
    replies: 0,
    onDown (reject) {
      waiting.add(reject)
      return () => waiting.delete(reject)
    },
    async stop () {
      stopping.abort()
      await withTimeout(probeMs, watching, undefined)
    }
  }

  const watching = (async () => {
    let client: pg.Client | undefined
    while (!stopping.signal.aborted) {
      try {
        client ??= await connect(config, probeMs)
        await probe(client, probeMs, watch)
        record(undefined)
      } catch (error) {
        const wasConnected = client !== undefined && reason === undefined
        client?.end().catch(ignore)
        client = undefined
        // The server may be up although its connection was lost, so the next probe connects again at once.
        if (wasConnected && !(error instanceof ProbeTimeoutError)) continue
        record(error as Error)
      }
      await sleep(pauseMs, undefined, { ref: false, signal: stopping.signal }).catch(ignore)
    }
    await client?.end()
  })()
  return watch
}

class ProbeTimeoutError extends Error {}

const ignore = () => {}

async function connect (config: ClientConfig, timeoutMs: number): Promise<pg.Client> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: timeoutMs })
  client.on('error', ignore)
  await client.connect()
  return client
}

/**
 * Sends a probe. A busy process may reach the timeout late, so it reads replies that have already arrived before it fails. A probe
 * waits on while the server executes statements, because a pooler may have no connection left for the probe.
 * @throws {ProbeTimeoutError} if the server neither replies nor executes statements; any other error is that of the connection
 */
async function probe (client: pg.Client, timeoutMs: number, outage: Pick<Outage, 'replies'>): Promise<void> {
  const overdue = new ProbeTimeoutError(`no answer within ${timeoutMs} ms`)
  const failure = client.query('select 1').then(() => undefined, (error: unknown) => error)
  for (let known = -1; known !== outage.replies;) {
    known = outage.replies
    const arrived = await withTimeout(timeoutMs, failure, overdue)
    const problem = arrived === overdue ? await Promise.race([failure, twoTurns(overdue)]) : arrived
    if (problem === undefined) return
    if (problem !== overdue) throw problem
  }
  throw overdue
}

/** Resolves to the value after the event loop has polled for input. */
async function twoTurns<Value> (value: Value): Promise<Value> {
  await setImmediate()
  return await setImmediate(value)
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { runUpload } from './scenarios.ts'
import type { Stage } from './stage.ts'
import type { EventLoopLag } from './event-loop-lag.ts'

/** Memory and event-loop lag of a service while clients upload. */
export interface LoadImpact {
  clients: number
  /** Resident megabytes; `limit` bounds the difference between peak and idle. */
  memory: { idle: number, peak: number, limit: number }
  /** The longest lag during the uploads, in milliseconds. */
  lag: Pick<EventLoopLag, 'wall' | 'cpu'>
}

/** Time for a started service to become idle. */
const idleAfterMs = 1000
const sampleMs = 20

/** Starts a service, measures it idle, and then for `seconds` while `clients` upload. */
export async function measureLoadImpact (
  stage: Stage, seconds: number, { clients, limit }: { clients: number, limit: number }
): Promise<LoadImpact> {
  const { photo, uploads, users: [user = { phone: '', token: '' }] } = stage
  const report = path.join(path.dirname(uploads), `event-loop-lag-${clients}`)
  const watch = pathToFileURL(path.join(import.meta.dirname, 'event-loop-lag.ts'))
  watch.searchParams.set('file', report)
  const service = await stage.startService(['--import', watch.href])
  try {
    await sleep(idleAfterMs)
    const idle = await readResidentMegabytes(service.pid)
    let peak = idle
    const sampling = setInterval(() => {
      readResidentMegabytes(service.pid).then((resident) => { peak = Math.max(peak, resident) }, () => {})
    }, sampleMs)
    const start = Date.now()
    await runUpload({ url: service.url, user, photo, folder: uploads }, seconds, clients).finally(() => clearInterval(sampling))
    return { clients, memory: { idle, peak, limit }, lag: await readLongestLag(report, start) }
  } finally {
    await service.stop()
  }
}

async function readResidentMegabytes (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

async function readLongestLag (report: string, since: number): Promise<LoadImpact['lag']> {
  const lines = (await readFile(report, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as EventLoopLag)
  const lags = lines.filter(({ at }) => at > since)
  return { wall: Math.max(...lags.map(({ wall }) => wall)), cpu: Math.max(...lags.map(({ cpu }) => cpu)) }
}

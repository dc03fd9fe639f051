import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { runUpload } from './scenarios.ts'
import type { Stage } from './stage.ts'

/** What uploads ask of a service beside its time. */
export interface Strain {
  clients: number
  /** Megabytes; `limit` is what it may take beyond idle. */
  memory: { idle: number, peak: number, limit: number }
  /** Longest of the event loop, in milliseconds. The service's clock ticks each 10, so that up to 10 of them may be its own. */
  stall: { idle: number, peak: number }
}

const settleMs = 1000
const lookMs = 20

/** Of a service that was just started: first idle for so many seconds, then as long while so many clients upload. */
export async function measureStrain (stage: Stage, seconds: number, { clients, limit }: { clients: number, limit: number }): Promise<Strain> {
  const { photo, uploads, users: [user = { phone: '', token: '' }] } = stage
  const service = await stage.startService()
  try {
    await sleep(settleMs)
    const idle = await residentOf(service.pid)
    await longestStall(service.url)
    await sleep(seconds * 1000)
    const idleStall = await longestStall(service.url)
    let peak = idle
    const looking = setInterval(() => {
      residentOf(service.pid).then((resident) => { peak = Math.max(peak, resident) }, () => {})
    }, lookMs)
    await runUpload({ url: service.url, user, photo, folder: uploads }, seconds, clients).finally(() => clearInterval(looking))
    return { clients, memory: { idle, peak, limit }, stall: { idle: idleStall, peak: await longestStall(service.url) } }
  } finally {
    await service.stop()
  }
}

async function residentOf (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

/** Since it was asked last: each look at the metrics starts them anew. */
async function longestStall (url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(metrics)?.[1] ?? NaN) * 1000
}

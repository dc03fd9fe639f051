import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { runUpload } from './scenarios.ts'
import type { Stage } from './stage.ts'

/** Megabytes. */
export interface Memory {
  clients: number
  idle: number
  peak: number
  /** What it may take beyond idle. */
  limit: number
}

const settleMs = 1000
const lookMs = 20

/** Peak of a service that was just started while so many clients upload, beside what it takes when idle. */
export async function measureMemory (stage: Stage, seconds: number, { clients, limit }: { clients: number, limit: number }): Promise<Memory> {
  const { photo, uploads, users: [user = { phone: '', token: '' }] } = stage
  const service = await stage.startService()
  try {
    await sleep(settleMs)
    const idle = await residentOf(service.pid)
    let peak = idle
    const looking = setInterval(() => {
      residentOf(service.pid).then((resident) => { peak = Math.max(peak, resident) }, () => {})
    }, lookMs)
    await runUpload({ url: service.url, user, photo, folder: uploads }, seconds, clients).finally(() => clearInterval(looking))
    return { clients, idle, peak, limit }
  } finally {
    await service.stop()
  }
}

async function residentOf (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { runUpload } from './scenarios.ts'
import type { Stage } from './stage.ts'

/** Megabytes. */
export interface Memory { idle: number, peak: number }

const settleMs = 1000
const lookMs = 20

/** Peak of a service that was just started while 16 clients upload, beside what it takes when idle. */
export async function measureMemory (stage: Stage, seconds: number): Promise<Memory> {
  const service = await stage.startService()
  try {
    await sleep(settleMs)
    const idle = await residentOf(service.pid)
    let peak = idle
    const looking = setInterval(() => {
      residentOf(service.pid).then((resident) => { peak = Math.max(peak, resident) }, () => {})
    }, lookMs)
    await runUpload(stage, service.url, seconds).finally(() => clearInterval(looking))
    return { idle, peak }
  } finally {
    await service.stop()
  }
}

async function residentOf (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { runUpload } from './scenarios.ts'
import type { Stage } from './stage.ts'
import type { Stretch } from './stretches.ts'

/** What uploads ask of a service beside its time. */
export interface Strain {
  clients: number
  /** Megabytes; `limit` is what it may take beyond idle. */
  memory: { idle: number, peak: number, limit: number }
  /** The longest of its event loop. */
  stretch: Pick<Stretch, 'wall' | 'work'>
}

const settleMs = 1000
const lookMs = 20

/** Of a service that was just started, first idle, then for so many seconds while so many clients upload. */
export async function measureStrain (stage: Stage, seconds: number, { clients, limit }: { clients: number, limit: number }): Promise<Strain> {
  const { photo, uploads, users: [user = { phone: '', token: '' }] } = stage
  const report = path.join(path.dirname(uploads), `stretches-${clients}`)
  const watch = pathToFileURL(path.join(import.meta.dirname, 'stretches.ts'))
  watch.searchParams.set('file', report)
  const service = await stage.startService(['--import', watch.href])
  try {
    await sleep(settleMs)
    const idle = await residentOf(service.pid)
    let peak = idle
    const looking = setInterval(() => {
      residentOf(service.pid).then((resident) => { peak = Math.max(peak, resident) }, () => {})
    }, lookMs)
    const start = Date.now()
    await runUpload({ url: service.url, user, photo, folder: uploads }, seconds, clients).finally(() => clearInterval(looking))
    return { clients, memory: { idle, peak, limit }, stretch: await longestStretch(report, start) }
  } finally {
    await service.stop()
  }
}

async function residentOf (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

async function longestStretch (report: string, since: number): Promise<Strain['stretch']> {
  const lines = (await readFile(report, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Stretch)
  const stretches = lines.filter(({ at }) => at > since)
  return { wall: Math.max(...stretches.map(({ wall }) => wall)), work: Math.max(...stretches.map(({ work }) => work)) }
}

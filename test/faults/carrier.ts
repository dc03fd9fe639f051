import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Call } from './carrier-server.ts'

const program = path.resolve(import.meta.dirname, 'carrier-server.ts')

export interface CarrierProcess {
  /** What makes a service send to it. */
  env: Record<string, string>
  /** Every call so far. */
  fetchAll (): Promise<Call[]>
  stop (): Promise<void>
}

/** A carrier as a process of its own, whose every answer takes this long. */
export async function startCarrier (latencyMs: number): Promise<CarrierProcess> {
  const child = spawn(process.execPath, [program, String(latencyMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data') as [Buffer]
  const url = `http://127.0.0.1:${port.toString().trim()}`
  return {
    env: {
      TWILIO_SID: `AC${'0'.repeat(32)}`, TWILIO_API_KEY: 'f'.repeat(32), TWILIO_PHONE_NUMBER: '+15005550006', TWILIO_API_BASE_URL: url, SMS_COUNTRIES: '*'
    },
    fetchAll: async () => await (await fetch(`${url}/calls`)).json() as Call[],
    async stop () {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
  }
}

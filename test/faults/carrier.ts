import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Call } from './carrier-server.ts'

const program = path.resolve(import.meta.dirname, 'carrier-server.ts')

export interface CarrierProcess {
  /** Settings that make the service send to this carrier. */
  env: Record<string, string>
  /** Resolves to all calls so far. */
  fetchAll (): Promise<Call[]>
  stop (): Promise<void>
}

/** Starts a carrier in a separate process that answers after `latencyMs`. */
export async function startCarrier (latencyMs: number): Promise<CarrierProcess> {
  const child = spawn(process.execPath, [program, String(latencyMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data') as [Buffer]
  const url = `http://127.0.0.1:${port.toString().trim()}`
  return {
    env: {
      TWILIO_SID: `AC${'0'.repeat(32)}`,
      TWILIO_API_KEY: 'f'.repeat(32),
      TWILIO_PHONE_NUMBER: '+15005550006',
      TWILIO_API_BASE_URL: url,
      SMS_COUNTRIES: '*'
    },
    fetchAll: async () => await (await fetch(`${url}/calls`)).json() as Call[],
    async stop () {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
  }
}

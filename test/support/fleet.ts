import type { Test } from 'tap'
import type { Carrier } from '../../src/carrier/index.ts'
import { credentialsOf, openCarrier } from './carrier.ts'
import { createEnvironment } from './helper.ts'
import { share } from './outbox.ts'
import { startService, type Service } from './program.ts'
import { freePort } from './services/redis.ts'

/** Services in separate processes on fixed ports, which share database, Redis, storage and a carrier, as in production. */
export interface Fleet {
  readonly ports: readonly number[]
  carrier: Carrier
  /** Sends SIGTERM to a service and starts it again once it has ended. `onSignal` runs while it ends. */
  restart (index: number, onSignal?: () => Promise<void>): Promise<void>
}

export async function startFleet (t: Test, size: number, overrides: Record<string, string>): Promise<Fleet> {
  const carrier = await openCarrier(t)
  const ports: number[] = []
  while (ports.length < size) ports.push(await freePort())
  const env = await createEnvironment(t, { ...share(), ...credentialsOf(carrier), LOG_LEVEL: 'info', ...overrides })
  const start = async (port: number) => await startService(t, { env: { ...env, PORT: String(port) } })
  const services: Service[] = []
  // The first one creates the folders that all share.
  for (const port of ports) services.push(await start(port))
  return {
    ports,
    carrier,
    async restart (index, onSignal = async () => {}) {
      const { program, port } = services[index] as Service
      program.signal('SIGTERM')
      const [ending] = await Promise.all([program.wait(), onSignal()])
      if (ending !== 0) throw new Error(`the service ended with ${ending}: ${program.errors}${program.output.slice(-2000)}`)
      services[index] = await start(port)
    }
  }
}

import { createCircuit, type CircuitTimes } from './circuit.ts'
import { SmsError, type OutgoingMessage, type RoadLog, type SmsFailure, type SmsProvider } from './contract.ts'
import { createStop } from './suspension.ts'
import type { StopBoard } from './suspension-store.ts'

/** A provider with what keeps messages from it while it cannot take them. */
export interface Road extends SmsProvider {
  /** It refuses our credentials or our sender. */
  readonly isStopped: boolean
}

/** What one call to a provider comes to. */
export type AttemptOutcome = 'sent' | Exclude<SmsFailure, 'closed'>

export interface RoadOptions {
  board: StopBoard
  now (): number
  log: RoadLog
  /** Told of every call. */
  count (provider: string, outcome: AttemptOutcome): void
  /** Of its circuit; tests shorten them. */
  times?: CircuitTimes
}

export function createRoad (provider: SmsProvider, { board, now, log, count, times }: RoadOptions): Road {
  const { name, channels } = provider

  async function call (message: OutgoingMessage): Promise<string> {
    try {
      const id = await provider.send(message)
      count(name, 'sent')
      return id
    } catch (error) {
      // A fault of the provider's own code tells nothing of the message.
      const failure = error instanceof SmsError ? error : new SmsError({ failure: 'ambiguous', detail: 'an unforeseen error', provider: name })
      count(name, failure.failure as AttemptOutcome)
      throw failure
    }
  }

  const circuit = createCircuit({ name, send: call }, log, times)
  const stop = createStop({ provider: name, board, now, log })

  return {
    name,
    channels,
    get isStopped () { return stop.isStopped },
    send: async (message) => await stop.guard(async () => await circuit.send(message)),
    async close () {
      circuit.close()
      await provider.close()
    }
  }
}

import CircuitBreaker from 'opossum'
import { SmsError, type OutgoingMessage, type RoadLog, type SmsProvider } from './contract.ts'
import { probeMs } from './suspension.ts'

/** Spares a provider that does not answer, and the messages that would wait for it. */
export interface Circuit {
  /** @throws {SmsError} of the provider, or `closed` */
  send (message: OutgoingMessage): Promise<string>
  close (): void
}

export interface CircuitTimes {
  /** Of the past that counts: under a steady load, it opens when half of it has failed. */
  windowMs: number
  /** How long it stays open before one message is let through as a probe. */
  openMs: number
  /** Fewer calls in the window tell nothing. */
  minimumCalls: number
}

export const circuitTimes: CircuitTimes = { windowMs: 5000, openMs: 5000, minimumCalls: 10 }

/** Opens when more than this share of the calls failed. */
const errorThresholdPercentage = 50

export function createCircuit (provider: Pick<SmsProvider, 'name' | 'send'>, log: Pick<RoadLog, 'info' | 'warn'>, times = circuitTimes): Circuit {
  const { name } = provider
  let isOpen = false
  let openUntil = 0

  const breaker = new CircuitBreaker(async (message: OutgoingMessage) => await provider.send(message), {
    name,
    // The providers have limits of their own.
    timeout: false,
    errorThresholdPercentage,
    volumeThreshold: times.minimumCalls,
    rollingCountTimeout: times.windowMs,
    resetTimeout: times.openMs,
    rollingPercentilesEnabled: false,
    // Whoever refuses a message answers.
    errorFilter: ({ failure }: SmsError) => failure !== 'unreachable' && failure !== 'ambiguous'
  })
  breaker.on('open', () => {
    openUntil = performance.now() + times.openMs
    if (!isOpen) log.warn({ provider: name }, 'SMS provider does not answer: its circuit is open')
    isOpen = true
  })
  breaker.on('close', () => {
    isOpen = false
    log.info({ provider: name }, 'SMS provider answers again')
  })

  /** A service that closes opens no circuit again: what waited for that would never end. */
  function closed (): SmsError {
    if (breaker.isShutdown) return new SmsError({ failure: 'unreachable', detail: 'the service is closing', provider: name })
    const retryAfterMs = breaker.opened ? Math.max(1, Math.ceil(openUntil - performance.now())) : probeMs
    return new SmsError({ failure: 'closed', detail: 'its circuit is open', provider: name, retryAfterMs })
  }

  return {
    async send (message) {
      if (breaker.opened) throw closed()
      try {
        return await breaker.fire(message)
      } catch (error) {
        // Of the breaker's own: the probe is under way, or the service closes.
        throw error instanceof SmsError ? error : closed()
      }
    },
    close: () => breaker.shutdown()
  }
}

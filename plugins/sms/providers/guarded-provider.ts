import { SmsError, type ProviderLog, type SmsFailure, type SmsProvider } from './contract.ts'
import { createProviderHealth, type HealthTimes } from './provider-health.ts'
import type { SuspensionStore } from './suspension-store.ts'

/** A provider that is called only while its health allows. */
export interface GuardedProvider extends SmsProvider {
  /** It refuses the credentials or the sender. */
  readonly isSuspended: boolean
  /** Suspends it because a receipt blames the credentials or the sender. */
  suspend (error: SmsError): Promise<void>
}

/** The outcome of one call to a provider. */
export type AttemptOutcome = 'sent' | Exclude<SmsFailure, 'closed'>

export interface GuardOptions {
  store: SuspensionStore
  now (): number
  log: ProviderLog
  /** False if this process sends no SMS. */
  sends?: boolean
  /** Called after every call; `carrierCode` is the error code of the reply. */
  count (provider: string, outcome: AttemptOutcome, carrierCode?: number): void
  /** Tests pass shorter times. */
  times?: HealthTimes
}

export function guardProvider (provider: SmsProvider, { count, ...options }: GuardOptions): GuardedProvider {
  const { name, channels } = provider
  const health = createProviderHealth({ provider: name, ...options })

  return {
    name,
    channels,
    get isSuspended () { return health.isSuspended },
    suspend: health.suspend,
    async send (message) {
      return await health.guard(async () => {
        try {
          const id = await provider.send(message)
          count(name, 'sent')
          return id
        } catch (error) {
          // After a fault in the provider's code the message may have been sent.
          const failure = error instanceof SmsError
            ? error
            : new SmsError({
              failure: 'ambiguous', detail: 'an unforeseen error', provider: name
            })
          count(name, failure.failure as AttemptOutcome, failure.carrierCode)
          throw failure
        }
      })
    },
    async close () {
      health.close()
      await provider.close()
    }
  }
}

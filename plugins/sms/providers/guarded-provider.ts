import { SmsError, type ProviderLog, type SmsFailure, type SmsProvider } from './contract.ts'
import { createProviderHealth, type HealthTimes } from './provider-health.ts'
import type { SuspensionStore } from './suspension-store.ts'

/** A provider that is called only while its health allows. */
export interface GuardedProvider extends SmsProvider {
  /** It refuses the credentials or the sender. */
  readonly isSuspended: boolean
}

/** The outcome of one call to a provider. */
export type AttemptOutcome = 'sent' | Exclude<SmsFailure, 'closed'>

export interface GuardOptions {
  store: SuspensionStore
  now (): number
  log: ProviderLog
  /** Called after every call. */
  count (provider: string, outcome: AttemptOutcome): void
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
          count(name, failure.failure as AttemptOutcome)
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

import { SmsError, type SmsFailover, type SmsFailure, type SmsProvider } from './contract.ts'

/** After these failures another provider would fail too, or would send the message twice. */
const finalFailures: ReadonlySet<SmsFailure> = new Set(['ambiguous', 'recipient', 'channel'])

/** Tries the providers in their order. */
export function createFailover (providers: ReadonlyArray<Pick<SmsProvider, 'name' | 'channels' | 'send'>>): SmsFailover {
  return {
    async send (message) {
      const errors: SmsError[] = []
      for (const { name, channels, send } of providers) {
        if (!channels.includes(message.channel)) continue
        try {
          return { provider: name, messageId: await send(message) }
        } catch (error) {
          const failed = error as SmsError
          if (finalFailures.has(failed.failure)) throw failed
          errors.push(failed)
        }
      }
      throw combineErrors(errors)
    }
  }
}

/** Chooses the error to report after every provider failed. It allows a retry if one of them may accept the message later. */
function combineErrors (errors: readonly SmsError[]): SmsError {
  const closed = findSoonest(errors.filter(({ failure }) => failure === 'closed'))
  const called = errors.filter(({ failure }) => failure !== 'closed')
  const temporary = called.findLast(({ failure }) => failure === 'busy' || failure === 'unreachable')
  const last = temporary ?? called.at(-1) ?? closed
  if (last === undefined) return new SmsError({ failure: 'refused', detail: 'no provider has the channel' })
  if (temporary !== undefined || closed === undefined || last === closed) return last
  // A provider was called, so this counts as an attempt; the closed one may accept the message later.
  const { provider, retryAfterMs } = closed
  return new SmsError({ failure: 'busy', detail: 'the others refused, and this provider is closed', provider, retryAfterMs })
}

function findSoonest (errors: readonly SmsError[]): SmsError | undefined {
  return errors.toSorted((one, other) => Number(one.retryAfterMs) - Number(other.retryAfterMs))[0]
}

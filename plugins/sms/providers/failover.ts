import { SmsError, type SmsFailure, type SmsProvider, type SmsSender } from './contract.ts'

/** Another road would meet the same, or send it twice. */
const finalFailures: ReadonlySet<SmsFailure> = new Set(['ambiguous', 'recipient'])

/** Tries the roads in their order. */
export function createSender (roads: ReadonlyArray<Pick<SmsProvider, 'name' | 'channels' | 'send'>>): SmsSender {
  return {
    async send (message) {
      const errors: SmsError[] = []
      for (const { name, channels, send } of roads) {
        if (!channels.includes(message.channel)) continue
        try {
          return { provider: name, messageId: await send(message) }
        } catch (error) {
          const failed = error as SmsError
          if (finalFailures.has(failed.failure)) throw failed
          errors.push(failed)
        }
      }
      throw verdictOf(errors)
    }
  }
}

/** What failing on every road comes to: while one of them may yet take the message, that it should be tried again. */
function verdictOf (errors: readonly SmsError[]): SmsError {
  const closed = soonest(errors.filter(({ failure }) => failure === 'closed'))
  const asked = errors.filter(({ failure }) => failure !== 'closed')
  const passing = asked.findLast(({ failure }) => failure === 'busy' || failure === 'unreachable')
  const last = passing ?? asked.at(-1) ?? closed
  if (last === undefined) return new SmsError({ failure: 'refused', detail: 'no provider has the channel' })
  if (passing !== undefined || closed === undefined || last === closed) return last
  // A road was asked, so it was an attempt; the closed one may take the message later.
  const { provider, retryAfterMs } = closed
  return new SmsError({ failure: 'busy', detail: 'the others refused, and this provider is closed', provider, retryAfterMs })
}

function soonest (errors: readonly SmsError[]): SmsError | undefined {
  return errors.toSorted((one, other) => Number(one.retryAfterMs) - Number(other.retryAfterMs))[0]
}

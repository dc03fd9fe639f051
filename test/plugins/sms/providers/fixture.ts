import {
  SmsError, type OutgoingMessage, type SmsErrorOptions, type SmsFailure, type SmsProvider
} from '../../../../plugins/sms/providers/contract.ts'

export interface ScriptedProvider extends SmsProvider {
  /** Messages passed to `send`, in order. */
  readonly messages: OutgoingMessage[]
  /** Failures of the next calls, one each; later calls succeed. */
  readonly script: Array<SmsFailure | Partial<SmsErrorOptions> | Error>
}

/** Creates a provider with scripted failures, to test the code that wraps providers. */
export function createScripted (name = 'scripted', channels: SmsProvider['channels'] = ['sms']): ScriptedProvider {
  const messages: OutgoingMessage[] = []
  const script: ScriptedProvider['script'] = []
  return {
    name,
    channels,
    messages,
    script,
    async send (message) {
      messages.push(message)
      await new Promise((resolve) => setImmediate(resolve))
      const failure = script.shift()
      if (failure === undefined) return `${name}-${messages.length}`
      if (failure instanceof Error) throw failure
      throw new SmsError({
        detail: 'scripted', provider: name, ...(typeof failure === 'string' ? { failure } : { failure: 'busy', ...failure })
      })
    },
    async close () {}
  }
}

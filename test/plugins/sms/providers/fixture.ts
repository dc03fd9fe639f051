import { SmsError, type OutgoingMessage, type SmsErrorOptions, type SmsFailure, type SmsProvider } from '../../../../plugins/sms/providers/contract.ts'

export interface ScriptedProvider extends SmsProvider {
  /** What it was asked to send, in order. */
  readonly messages: OutgoingMessage[]
  /** What its next calls come to, each once; a success after that. */
  readonly script: Array<SmsFailure | Partial<SmsErrorOptions> | Error>
}

/** A provider that does as it is told, for what stands around providers. */
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
      throw new SmsError({ detail: 'as told', provider: name, ...(typeof failure === 'string' ? { failure } : { failure: 'busy', ...failure }) })
    },
    async close () {}
  }
}

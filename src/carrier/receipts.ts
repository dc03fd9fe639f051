import type { Account } from './credentials.ts'
import type { ReceiptFaults } from './faults.ts'
import type { Message, MessageLog } from './messages.ts'
import { magicFailures } from './problems.ts'
import { initialStatus, visibleSender } from './resource.ts'
import { signCallback } from './signature.ts'

/** Moves accepted messages to their final status, and reports each change to the status callback of the message. */
export interface Receipts {
  /**
   * Without a callback and without faults a message has its final status when this returns. Callbacks are sent after
   * `replied`.
   */
  start (message: Message, faults: ReceiptFaults, replied: Promise<unknown>): void
  /** Resolves when no receipt is in flight; the caller aborts `closing` first. */
  idle (): Promise<void>
}

export interface ReceiptOptions {
  account: Account
  log: MessageLog
  /** Resolves early when the emulator closes. */
  pause (milliseconds: number): Promise<void>
  /** Aborted when the emulator closes. */
  closing: AbortSignal
}

interface Step { status: string, error_code?: number }

/** Twilio's own limit for the whole call, https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
const timeoutMs = 15_000
/** Twilio retries a failed connection once (same page). */
const maximumAttempts = 2

export function createReceipts ({ account, log, pause, closing }: ReceiptOptions): Receipts {
  const inFlight = new Set<Promise<void>>()

  async function deliver (message: Message, faults: ReceiptFaults, replied: Promise<unknown>): Promise<void> {
    if (message.status_callback !== undefined) await replied
    if (faults.late !== undefined) await pause(faults.late.ms)
    const code = magicFailures.get(message.to)
    const steps = planSteps(message, faults.fail ?? (code === undefined ? undefined : { kind: 'fail', status: 'undelivered', code }))
    const last = steps.at(-1)?.status
    for (const step of faults.disorder === undefined ? steps : steps.toReversed()) {
      if (closing.aborted) return
      // The last step comes first if the order is reversed; the message then stays in its final status.
      if (message.status !== last) log.setStatus(message, step)
      if (message.status_callback === undefined) continue
      await report(message.status_callback, toForm(message, step, account))
      if (faults.duplicate !== undefined) await report(message.status_callback, toForm(message, step, account))
    }
  }

  async function report (url: string, form: Record<string, string>): Promise<void> {
    const headers = { 'x-twilio-signature': signCallback(account.authToken, url, form), 'user-agent': 'TwilioProxy/1.1', accept: '*/*' }
    for (let attempt = 1; attempt <= maximumAttempts && !closing.aborted; attempt++) {
      const limit = AbortSignal.timeout(timeoutMs)
      try {
        const request = {
          method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual', signal: AbortSignal.any([closing, limit])
        } as const
        await (await fetch(url, request)).body?.cancel()
        return
      } catch {
        if (limit.aborted) return
      }
    }
  }

  return {
    start (message, faults, replied) {
      const job = deliver(message, faults, replied).finally(() => inFlight.delete(job))
      inFlight.add(job)
    },
    async idle () { await Promise.all(inFlight) }
  }
}

/**
 * Lists the statuses after that of the reply, for which Twilio sends no callback.
 * @see https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
 */
function planSteps (message: Message, failure: ReceiptFaults['fail']): Step[] {
  const before = initialStatus(message) === 'accepted' ? ['queued', 'sending'] : ['sending']
  if (failure === undefined) return [...before, 'sent', 'delivered'].map((status) => ({ status }))
  const { status, code } = failure
  // A failed message never left Twilio; an undelivered one did.
  const passed = status === 'failed' ? before : [...before, 'sent']
  return [...passed.map((name) => ({ status: name })), { status, error_code: code }]
}

function toForm (message: Message, { status, error_code: code }: Step, account: Account): Record<string, string> {
  const { sid, to, messaging_service_sid: service } = message
  return {
    ApiVersion: '2010-04-01',
    SmsSid: sid,
    SmsStatus: status,
    MessageSid: sid,
    MessageStatus: status,
    To: to,
    From: visibleSender(message, account),
    AccountSid: account.accountSid,
    ...(service === undefined ? {} : { MessagingServiceSid: service }),
    ...(code === undefined ? {} : { ErrorCode: String(code) })
  }
}

import type { Account } from './credentials.ts'
import type { ReceiptFaults } from './faults.ts'
import type { Message, MessageLog } from './messages.ts'
import { initialStatusOf, senderOf } from './resource.ts'
import { signatureOf } from './signature.ts'

/** Carries what was taken to its end, and reports each step to the message's status callback. */
export interface Receipts {
  /** A message without a callback and without faults is at its end when this returns; others wait for `answered`. */
  start (message: Message, faults: ReceiptFaults, answered: Promise<unknown>): void
  /** Resolves when the last one is given up; the caller has aborted the signal. */
  settled (): Promise<void>
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
/** A connection that failed is tried once more, the same page. */
const attempts = 2

export function createReceipts ({ account, log, pause, closing }: ReceiptOptions): Receipts {
  const underWay = new Set<Promise<void>>()

  async function carry (message: Message, faults: ReceiptFaults, answered: Promise<unknown>): Promise<void> {
    if (message.status_callback !== undefined) await answered
    if (faults.late !== undefined) await pause(faults.late.ms)
    const steps = stepsOf(message, faults.fail)
    const last = steps.at(-1)?.status
    for (const step of faults.disorder === undefined ? steps : steps.toReversed()) {
      if (closing.aborted) return
      // In disorder the last comes first, and a message does not go back.
      if (message.status !== last) log.move(message, step)
      if (message.status_callback === undefined) continue
      await report(message.status_callback, formOf(message, step, account))
      if (faults.duplicate !== undefined) await report(message.status_callback, formOf(message, step, account))
    }
  }

  async function report (url: string, form: Record<string, string>): Promise<void> {
    const headers = { 'x-twilio-signature': signatureOf(account.authToken, url, form), 'user-agent': 'TwilioProxy/1.1', accept: '*/*' }
    for (let attempt = 1; attempt <= attempts && !closing.aborted; attempt++) {
      const limit = AbortSignal.timeout(timeoutMs)
      try {
        const request = { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual', signal: AbortSignal.any([closing, limit]) } as const
        await (await fetch(url, request)).body?.cancel()
        return
      } catch {
        if (limit.aborted) return
      }
    }
  }

  return {
    start (message, faults, answered) {
      const job = carry(message, faults, answered).finally(() => underWay.delete(job))
      underWay.add(job)
    },
    async settled () { await Promise.all(underWay) }
  }
}

/** What follows the status of the answer, for which Twilio sends no callback: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
function stepsOf (message: Message, failure: ReceiptFaults['fail']): Step[] {
  const before = initialStatusOf(message) === 'accepted' ? ['queued', 'sending'] : ['sending']
  if (failure === undefined) return [...before, 'sent', 'delivered'].map((status) => ({ status }))
  const { status, code } = failure
  // A failed message never left Twilio, an undelivered one did.
  const way = status === 'failed' ? before : [...before, 'sent']
  return [...way.map((passed) => ({ status: passed })), { status, error_code: code }]
}

function formOf (message: Message, { status, error_code: code }: Step, account: Account): Record<string, string> {
  const { sid, to, messaging_service_sid: service } = message
  return {
    ApiVersion: '2010-04-01',
    SmsSid: sid,
    SmsStatus: status,
    MessageSid: sid,
    MessageStatus: status,
    To: to,
    From: senderOf(message, account),
    AccountSid: account.accountSid,
    ...(service === undefined ? {} : { MessagingServiceSid: service }),
    ...(code === undefined ? {} : { ErrorCode: String(code) })
  }
}

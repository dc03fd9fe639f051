import type { Account } from './credentials.ts'
import type { Feedback, Message } from './messages.ts'

const version = '2010-04-01'
const unsent = new Set(['queued', 'accepted', 'sending'])

export const accountPath = (accountSid: string) => `/${version}/Accounts/${accountSid}`

/** A messaging service has not picked a number while the message is only accepted. */
export function initialStatusOf ({ messaging_service_sid: service }: Pick<Message, 'messaging_service_sid'>): string {
  return service === undefined ? 'queued' : 'accepted'
}

/** The number that the recipient sees. */
export function senderOf ({ from, messaging_service_sid: service }: Message, { sender }: Account): string {
  return from === service ? sender : from
}

/** RFC 2822, as Twilio writes it. */
function dateOf (rfc3339: string): string {
  return new Date(rfc3339).toUTCString().replace('GMT', '+0000')
}

/** The message in Twilio's words. */
export function resourceOf (message: Message, account: Account) {
  const { sid, to, body, status, received_at: receivedAt, updated_at: updatedAt = receivedAt } = message
  const uri = `${accountPath(account.accountSid)}/Messages/${sid}`
  return {
    account_sid: account.accountSid,
    api_version: version,
    body,
    date_created: dateOf(receivedAt),
    date_sent: unsent.has(status) ? null : dateOf(updatedAt),
    date_updated: dateOf(updatedAt),
    direction: 'outbound-api',
    error_code: message.error_code ?? null,
    error_message: null,
    from: status === 'accepted' && message.from === message.messaging_service_sid ? null : senderOf(message, account),
    messaging_service_sid: message.messaging_service_sid ?? null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status,
    subresource_uris: { media: `${uri}/Media.json` },
    to,
    uri: `${uri}.json`
  }
}

/** What a sender said of a message, in Twilio's words. */
export function feedbackResourceOf ({ sid }: Message, { outcome, at }: Feedback, { accountSid }: Account) {
  return {
    account_sid: accountSid,
    message_sid: sid,
    outcome,
    date_created: dateOf(at),
    date_updated: dateOf(at),
    uri: `${accountPath(accountSid)}/Messages/${sid}/Feedback.json`
  }
}

export interface ListQuery { To?: string, From?: string, PageSize?: string, Page?: string }

/** https://www.twilio.com/docs/usage/twilios-response#pagination */
const usualPageSize = 50
const maximumPageSize = 1000

/** One page of these messages in Twilio's envelope. */
export function pageOf (messages: Message[], account: Account, { To, From, PageSize, Page }: ListQuery) {
  const size = Math.min(wholeNumberOf(PageSize) || usualPageSize, maximumPageSize)
  const page = wholeNumberOf(Page)
  const start = page * size
  const shown = messages.slice(start, start + size)
  const filter = { ...(To === undefined ? {} : { To }), ...(From === undefined ? {} : { From }) }
  const uriOf = (number: number) =>
    `${accountPath(account.accountSid)}/Messages.json?${new URLSearchParams({ ...filter, PageSize: String(size), Page: String(number) }).toString()}`
  return {
    end: Math.max(start, start + shown.length - 1),
    first_page_uri: uriOf(0),
    messages: shown.map((message) => resourceOf(message, account)),
    next_page_uri: start + size < messages.length ? uriOf(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    start,
    uri: uriOf(page)
  }
}

function wholeNumberOf (text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0
}

import type { Account } from './credentials.ts'
import type { Feedback, Message } from './messages.ts'

const version = '2010-04-01'
const unsent = new Set(['queued', 'accepted', 'sending'])

export const accountPath = (accountSid: string) => `/${version}/Accounts/${accountSid}`

/** With a messaging service a message is `accepted` until the service has picked a number. */
export function initialStatus ({ messaging_service_sid: service }: Pick<Message, 'messaging_service_sid'>): string {
  return service === undefined ? 'queued' : 'accepted'
}

/** Returns the number that the recipient sees. */
export function visibleSender ({ from, messaging_service_sid: service }: Message, { sender }: Account): string {
  return from === service ? sender : from
}

/** Formats a time in RFC 2822, with the zone as Twilio writes it. */
function toTwilioDate (rfc3339: string): string {
  return new Date(rfc3339).toUTCString().replace('GMT', '+0000')
}

/** Formats a message as Twilio's resource. */
export function toResource (message: Message, account: Account) {
  const { sid, to, body, status, received_at: receivedAt, updated_at: updatedAt = receivedAt } = message
  const uri = `${accountPath(account.accountSid)}/Messages/${sid}`
  return {
    account_sid: account.accountSid,
    api_version: version,
    body,
    date_created: toTwilioDate(receivedAt),
    date_sent: unsent.has(status) ? null : toTwilioDate(updatedAt),
    date_updated: toTwilioDate(updatedAt),
    direction: 'outbound-api',
    error_code: message.error_code ?? null,
    error_message: null,
    from: status === 'accepted' && message.from === message.messaging_service_sid ? null : visibleSender(message, account),
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

/** Formats the feedback on a message as Twilio's resource. */
export function toFeedbackResource ({ sid }: Message, { outcome, at }: Feedback, { accountSid }: Account) {
  return {
    account_sid: accountSid,
    message_sid: sid,
    outcome,
    date_created: toTwilioDate(at),
    date_updated: toTwilioDate(at),
    uri: `${accountPath(accountSid)}/Messages/${sid}/Feedback.json`
  }
}

export interface ListQuery { To?: string, From?: string, PageSize?: string, Page?: string }

/** https://www.twilio.com/docs/usage/twilios-response#pagination */
const defaultPageSize = 50
const maximumPageSize = 1000

/** Formats one page of the messages in Twilio's pagination envelope. */
export function toPage (messages: Message[], account: Account, { To, From, PageSize, Page }: ListQuery) {
  const size = Math.min(parseWholeNumber(PageSize) || defaultPageSize, maximumPageSize)
  const page = parseWholeNumber(Page)
  const start = page * size
  const listed = messages.slice(start, start + size)
  const filter = { ...(To === undefined ? {} : { To }), ...(From === undefined ? {} : { From }) }
  function pageUri (number: number): string {
    const query = new URLSearchParams({ ...filter, PageSize: String(size), Page: String(number) })
    return `${accountPath(account.accountSid)}/Messages.json?${query.toString()}`
  }
  return {
    end: Math.max(start, start + listed.length - 1),
    first_page_uri: pageUri(0),
    messages: listed.map((message) => toResource(message, account)),
    next_page_uri: start + size < messages.length ? pageUri(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? pageUri(page - 1) : null,
    start,
    uri: pageUri(page)
  }
}

/** Returns 0 for anything else than digits. */
function parseWholeNumber (text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0
}

import type { NewMessage } from './messages.ts'
import { magicRecipients, magicSenders, problems, type TwilioProblem } from './problems.ts'

export type Form = Record<string, string>

const e164 = /^\+[1-9]\d{6,14}$/
const shortCode = /^\d{3,8}$/
/** Up to 11 characters, a letter among them: https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id */
const alphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9 _+&-]{1,11}$/
const serviceSid = /^MG[0-9A-Za-z]+$/
/** Characters */
const maximumBody = 1600
const maximumCallback = 4000
/** 10 hours */
const maximumValiditySeconds = 36_000

/** Why Twilio would not take it, if so: the first reason alone, as Twilio answers. */
export function problemOf ({ To = '', From = '', MessagingServiceSid = '', Body = '', ValidityPeriod, StatusCallback = '' }: Form): TwilioProblem | undefined {
  if (To === '') return problems.noRecipient
  if (!e164.test(To)) return problems.badRecipient
  if (From === '' && MessagingServiceSid === '') return problems.noSender
  if (MessagingServiceSid !== '' && !serviceSid.test(MessagingServiceSid)) return problems.badService
  if (From !== '' && ![e164, shortCode, alphanumeric].some((form) => form.test(From))) return problems.badSender
  if (Body === '') return problems.noBody
  if (Body.length > maximumBody) return problems.longBody
  if (ValidityPeriod !== undefined && !isValidity(ValidityPeriod)) return problems.badValidity
  if (StatusCallback !== '' && !isCallback(StatusCallback)) return problems.badCallback
  return magicSenders.get(From) ?? magicRecipients.get(To)
}

function isValidity (text: string): boolean {
  const seconds = Number(text)
  return /^\d+$/.test(text) && seconds >= 1 && seconds <= maximumValiditySeconds
}

/** No underscores in the host name, says Twilio; credentials in the URL the emulator cannot send. */
function isCallback (text: string): boolean {
  const url = URL.parse(text)
  if (url === null || text.length > maximumCallback) return false
  return ['http:', 'https:'].includes(url.protocol) && !url.hostname.includes('_') && url.username === ''
}

/** What a form without a problem asks for. */
export function messageOf ({ To: to = '', From = '', MessagingServiceSid: service = '', Body: body = '', ValidityPeriod, StatusCallback = '' }: Form): NewMessage {
  return {
    to,
    from: From === '' ? service : From,
    body,
    ...(service === '' ? {} : { messaging_service_sid: service }),
    ...(ValidityPeriod === undefined ? {} : { validity_period: Number(ValidityPeriod) }),
    ...(StatusCallback === '' ? {} : { status_callback: StatusCallback.replace(/#.*$/s, '') })
  }
}

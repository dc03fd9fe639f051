import type { NewMessage } from './messages.ts'
import { magicRecipients, magicSenders, problems, type TwilioProblem } from './problems.ts'

export type Form = Record<string, string>

const e164 = /^\+[1-9]\d{6,14}$/
const shortCode = /^\d{3,8}$/
/** Up to 11 characters, at least one of them a letter: https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id */
const alphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9 _+&-]{1,11}$/
const whatsApp = /^whatsapp:/
const whatsAppAddress = /^whatsapp:\+[1-9]\d{6,14}$/
/** Identifies a WhatsApp template; the emulator does not know its text. */
const contentSid = /^HX[0-9a-fA-F]{32}$/
const serviceSid = /^MG[0-9A-Za-z]+$/
/** Characters */
const maximumBody = 1600
const maximumCallback = 4000
/** 10 hours */
const maximumValiditySeconds = 36_000

/** Finds the first reason for which Twilio would refuse the form, or `undefined`. */
export function findProblem (form: Form): TwilioProblem | undefined {
  const { To = '', From = '', MessagingServiceSid = '', ValidityPeriod, StatusCallback = '' } = form
  if (To === '') return problems.noRecipient
  const to = To.replace(whatsApp, '')
  if (!e164.test(to)) return problems.badRecipient
  if (From === '' && MessagingServiceSid === '') return problems.noSender
  if (MessagingServiceSid !== '' && !serviceSid.test(MessagingServiceSid)) return problems.badService
  if (to !== To && !whatsAppAddress.test(From)) return problems.noChannel
  if (From !== '' && to === To && ![e164, shortCode, alphanumeric].some((shape) => shape.test(From))) return problems.badSender
  const contentProblem = findContentProblem(form)
  if (contentProblem !== undefined) return contentProblem
  if (ValidityPeriod !== undefined && !isValidity(ValidityPeriod)) return problems.badValidity
  if (StatusCallback !== '' && !isCallback(StatusCallback)) return problems.badCallback
  return magicSenders.get(From) ?? magicRecipients.get(to) ?? magicRecipients.get(To)
}

/** Checks the text, or the template that replaces it. */
function findContentProblem ({ Body = '', ContentSid = '', ContentVariables = '{}' }: Form): TwilioProblem | undefined {
  if (ContentSid === '') {
    if (Body === '') return problems.noBody
    return Body.length > maximumBody ? problems.longBody : undefined
  }
  if (!contentSid.test(ContentSid)) return problems.badContent
  return isVariables(ContentVariables) ? undefined : problems.badVariables
}

function isVariables (text: string): boolean {
  try {
    const variables: unknown = JSON.parse(text)
    return variables !== null && typeof variables === 'object' && !Array.isArray(variables)
  } catch {
    return false
  }
}

function isValidity (text: string): boolean {
  const seconds = Number(text)
  return /^\d+$/.test(text) && seconds >= 1 && seconds <= maximumValiditySeconds
}

/** Twilio forbids underscores in the host name; the emulator does not support credentials in the URL. */
function isCallback (text: string): boolean {
  const url = URL.parse(text)
  if (url === null || text.length > maximumCallback) return false
  return ['http:', 'https:'].includes(url.protocol) && !url.hostname.includes('_') && url.username === ''
}

/** Parses a form in which `findProblem` found nothing. */
export function parseMessage (form: Form): NewMessage {
  const {
    To: to = '',
    From = '',
    MessagingServiceSid: service = '',
    Body: body = '',
    ContentSid = '',
    ContentVariables = '',
    ValidityPeriod,
    StatusCallback = ''
  } = form
  return {
    to,
    from: From === '' ? service : From,
    body: ContentSid === '' ? body : ContentVariables,
    ...(service === '' ? {} : { messaging_service_sid: service }),
    ...(ValidityPeriod === undefined ? {} : { validity_period: Number(ValidityPeriod) }),
    ...(StatusCallback === '' ? {} : { status_callback: StatusCallback.replace(/#.*$/s, '') })
  }
}

import { choice, optional } from '../../../../src/config/fields.ts'
import { urlProblem } from '../../../../src/config/validate-url.ts'
import type { SettingsOf, ValidationContext } from '../definition.ts'

export const fields = {
  TWILIO_SID: optional('Account SID (`AC...`); the carrier emulator when unset'),
  TWILIO_API_KEY: optional('Auth token of the account'),
  TWILIO_PHONE_NUMBER: optional('Sender, in E.164'),
  TWILIO_MESSAGING_SERVICE_SID: optional('Messaging service (`MG...`) that picks the sender'),
  TWILIO_API_BASE_URL: optional('Another server in place of https://api.twilio.com'),
  TWILIO_WHATSAPP_FROM: optional('WhatsApp sender, in E.164: codes may then be asked for by WhatsApp'),
  TWILIO_WHATSAPP_CONTENT_SID: optional('Authentication template for WhatsApp (`HX...`) whose variable 1 is the code'),
  TWILIO_MESSAGE_FEEDBACK: choice(['on', 'off'], { default: 'off', description: 'Tell Twilio which codes were used: `on` or `off`' })
}

export type TwilioSettings = SettingsOf<typeof fields>

export interface WhatsAppSender {
  /** E.164. */
  from: string
  /** The approved template; its variable 1 is the code. */
  contentSid: string
}

/** Returns `undefined` if codes cannot be sent by WhatsApp. */
export function findWhatsAppSender ({ TWILIO_WHATSAPP_FROM: from, TWILIO_WHATSAPP_CONTENT_SID: contentSid }: TwilioSettings): WhatsAppSender | undefined {
  return from === undefined || contentSid === undefined ? undefined : { from, contentSid }
}

export function validate (settings: TwilioSettings, context: ValidationContext): string[] {
  return [
    ...(context.isSelected ? accountProblems(settings, context) : []),
    ...whatsAppProblems(settings),
    ...urlProblem('TWILIO_API_BASE_URL', settings.TWILIO_API_BASE_URL, ['http:', 'https:'])
  ]
}

function accountProblems (settings: TwilioSettings, context: ValidationContext): string[] {
  if (settings.TWILIO_SID !== undefined) return credentialProblems(settings)
  return context.role === 'worker' ? [noEmulatorInWorker] : emulatorProblems(settings, context)
}

function credentialProblems (settings: TwilioSettings): string[] {
  const hasSender = settings.TWILIO_PHONE_NUMBER !== undefined || settings.TWILIO_MESSAGING_SERVICE_SID !== undefined
  return [
    ...(/^AC\w+$/.test(String(settings.TWILIO_SID)) ? [] : ['TWILIO_SID is an account SID and begins with AC']),
    ...(settings.TWILIO_API_KEY === undefined ? ['TWILIO_API_KEY is missing, although TWILIO_SID is set'] : []),
    ...(hasSender ? [] : ['TWILIO_PHONE_NUMBER (or TWILIO_MESSAGING_SERVICE_SID) is missing, although TWILIO_SID is set'])
  ]
}

const noEmulatorInWorker = 'TWILIO_SID, TWILIO_API_KEY and TWILIO_PHONE_NUMBER are missing: a worker has no SMS inbox. ' +
  'With "npm run carrier" set TWILIO_API_BASE_URL to its address as well'

function emulatorProblems (settings: TwilioSettings, { isProduction, isQueueOnly, exposedHost }: ValidationContext): string[] {
  const others = (['TWILIO_API_KEY', 'TWILIO_PHONE_NUMBER', 'TWILIO_MESSAGING_SERVICE_SID', 'TWILIO_API_BASE_URL'] as const)
    .filter((name) => settings[name] !== undefined)
  return [
    ...(isProduction ? ['TWILIO_SID is missing, and with NODE_ENV=production no embedded default stands in for it'] : []),
    ...(isQueueOnly ? ['SMS_DELIVERY=off needs TWILIO_SID: no other process can reach the carrier emulator in this one'] : []),
    ...(others.length > 0 ? [`TWILIO_SID is missing, although ${others.join(', ')} is set`] : exposureProblems(exposedHost))
  ]
}

function exposureProblems (host: string | undefined): string[] {
  if (host === undefined) return []
  return [`TWILIO_SID, TWILIO_API_KEY and TWILIO_PHONE_NUMBER are missing, and HOST=${host} can be reached from other machines: ` +
    'anyone who opens the SMS inbox there can sign in as any user. Set them, or DEV_INBOX=on if that is intended']
}

function whatsAppProblems ({ TWILIO_WHATSAPP_FROM: from, TWILIO_WHATSAPP_CONTENT_SID: template }: TwilioSettings): string[] {
  return [
    ...((from === undefined) === (template === undefined) ? [] : ['TWILIO_WHATSAPP_FROM and TWILIO_WHATSAPP_CONTENT_SID are needed together']),
    ...(from === undefined || /^\+[1-9]\d{6,14}$/.test(from) ? [] : ['TWILIO_WHATSAPP_FROM is not a number in E.164, such as +14155238886']),
    ...(template === undefined || /^HX[0-9a-fA-F]{32}$/.test(template)
      ? []
      : ['TWILIO_WHATSAPP_CONTENT_SID is not a content SID: HX and 32 hexadecimal digits'])
  ]
}

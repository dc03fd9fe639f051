import { flag, optionalText, validateUrl } from '../../../../src/config/parsers.ts'
import type { Rule, ValuesOf } from '../../../../src/config/setting.ts'
import { commandLine } from '../../../../src/process/package-info.ts'
import type { ProviderContext } from '../definition.ts'

export const settings = {
  accountSid: optionalText('TWILIO_SID', 'Account SID (`AC...`); the carrier emulator when unset'),
  authToken: optionalText('TWILIO_API_KEY', 'Auth token of the account, which signs receipts; without an API key it also authenticates the SMS'),
  apiKeySid: optionalText('TWILIO_API_KEY_SID', 'SID of an API key (`SK...`), which authenticates the SMS in place of the auth token'),
  apiKeySecret: optionalText('TWILIO_API_KEY_SECRET', 'Secret of the API key in TWILIO_API_KEY_SID'),
  phoneNumber: optionalText('TWILIO_PHONE_NUMBER', 'Sender, in E.164'),
  messagingServiceSid: optionalText('TWILIO_MESSAGING_SERVICE_SID', 'Messaging service (`MG...`) that picks the sender'),
  apiBaseUrl: optionalText('TWILIO_API_BASE_URL', 'A server that replaces https://api.twilio.com', validateUrl(['http:', 'https:'])),
  whatsAppFrom: optionalText(
    'TWILIO_WHATSAPP_FROM', 'WhatsApp sender, in E.164; clients may then ask for codes by WhatsApp',
    (from) => /^\+[1-9]\d{6,14}$/.test(from) ? undefined : ' is not a number in E.164, such as +14155238886'
  ),
  whatsAppContentSid: optionalText(
    'TWILIO_WHATSAPP_CONTENT_SID', 'Authentication template for WhatsApp (`HX...`) whose variable 1 is the code',
    (sid) => /^HX[0-9a-fA-F]{32}$/.test(sid) ? undefined : ' is not a content SID: HX and 32 hexadecimal digits'
  ),
  sendsFeedback: flag('TWILIO_MESSAGE_FEEDBACK', false, 'Report to Twilio which codes were used: `on` or `off`')
}

export type TwilioSettings = ValuesOf<typeof settings>

export interface WhatsAppSender {
  /** E.164. */
  from: string
  /** The approved template; its variable 1 is the code. */
  contentSid: string
}

/** Returns `undefined` if codes cannot be sent by WhatsApp. */
export function findWhatsAppSender ({ whatsAppFrom: from, whatsAppContentSid: contentSid }: TwilioSettings): WhatsAppSender | undefined {
  return from === undefined || contentSid === undefined ? undefined : { from, contentSid }
}

type Context = ProviderContext<TwilioSettings>

export const rules: Array<Rule<Context>> = [
  { settings: [], check: (context) => context.isSelected ? findAccountProblems(context) : [] },
  {
    settings: [settings.whatsAppFrom, settings.whatsAppContentSid],
    check: ({ own: { whatsAppFrom, whatsAppContentSid } }) => (whatsAppFrom === undefined) === (whatsAppContentSid === undefined)
      ? []
      : ['TWILIO_WHATSAPP_FROM and TWILIO_WHATSAPP_CONTENT_SID are needed together']
  }
]

function findAccountProblems (context: Context): string[] {
  if (context.own.accountSid !== undefined) return findCredentialProblems(context.own)
  return context.role === 'worker' ? [noEmulatorInWorker] : findEmulatorProblems(context)
}

function findCredentialProblems (own: TwilioSettings): string[] {
  const { accountSid, authToken, apiKeySid, apiKeySecret, phoneNumber, messagingServiceSid } = own
  const hasSender = phoneNumber !== undefined || messagingServiceSid !== undefined
  const hasCredentials = [authToken, apiKeySid, apiKeySecret].some((value) => value !== undefined)
  return [
    ...(/^AC\w+$/.test(String(accountSid)) ? [] : [`TWILIO_SID is an account SID and begins with AC${hintAtKeySid(String(accountSid))}`]),
    ...(hasCredentials
      ? []
      : ['TWILIO_API_KEY is missing, although TWILIO_SID is set: set the auth token, or TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET']),
    ...(authToken !== undefined && /^SK[0-9a-f]{32}$/i.test(authToken)
      ? ['TWILIO_API_KEY is the auth token of the account; the SID of an API key (SK...) belongs in TWILIO_API_KEY_SID']
      : []),
    ...findKeyProblems(own),
    ...(hasSender ? [] : ['TWILIO_PHONE_NUMBER (or TWILIO_MESSAGING_SERVICE_SID) is missing, although TWILIO_SID is set'])
  ]
}

const keySidPattern = /^SK\w+$/

const hintAtKeySid = (sid: string) => keySidPattern.test(sid) ? '; the SID of an API key (SK...) belongs in TWILIO_API_KEY_SID' : ''

/** The sentences repeat no value, which may be a secret in the wrong place. */
function findKeyProblems ({ authToken, apiKeySid, apiKeySecret }: TwilioSettings): string[] {
  return [
    ...(apiKeySid === undefined && apiKeySecret !== undefined
      ? ['TWILIO_API_KEY_SID is missing, although TWILIO_API_KEY_SECRET is set; an auth token belongs in TWILIO_API_KEY']
      : []),
    ...(apiKeySecret === undefined && apiKeySid !== undefined ? ['TWILIO_API_KEY_SECRET is missing, although TWILIO_API_KEY_SID is set'] : []),
    ...(apiKeySid === undefined || keySidPattern.test(apiKeySid)
      ? []
      : ['TWILIO_API_KEY_SID is the SID of an API key and begins with SK; the auth token of the account belongs in TWILIO_API_KEY']),
    ...(apiKeySecret !== undefined && apiKeySecret === authToken
      ? ['TWILIO_API_KEY_SECRET repeats the auth token in TWILIO_API_KEY: set the secret that Twilio showed when the API key was created']
      : [])
  ]
}

const noEmulatorInWorker = 'TWILIO_SID, TWILIO_API_KEY and TWILIO_PHONE_NUMBER are missing: a worker has no SMS inbox. ' +
  `With "${commandLine('carrier')}" set TWILIO_API_BASE_URL to its address as well`

function findEmulatorProblems ({ own, isProduction, isQueueOnly, exposedHost }: Context): string[] {
  const others = (['authToken', 'apiKeySid', 'apiKeySecret', 'phoneNumber', 'messagingServiceSid', 'apiBaseUrl'] as const)
    .filter((name) => own[name] !== undefined).map((name) => settings[name].name)
  return [
    ...(isProduction ? ['TWILIO_SID is missing, and NODE_ENV=production allows no embedded default'] : []),
    ...(isQueueOnly ? ['SMS_DELIVERY=off needs TWILIO_SID: no other process can reach the carrier emulator in this one'] : []),
    ...(others.length > 0 ? [`TWILIO_SID is missing, although ${others.join(', ')} is set`] : findExposureProblems(exposedHost))
  ]
}

function findExposureProblems (host: string | undefined): string[] {
  if (host === undefined) return []
  return [`TWILIO_SID, TWILIO_API_KEY and TWILIO_PHONE_NUMBER are missing, and HOST=${host} can be reached from other machines: ` +
    'anyone who opens the SMS inbox there can sign in as any user. Set them, or DEV_INBOX=on if that is intended']
}

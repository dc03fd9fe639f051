import { isIP } from 'node:net'
import type { Config } from './index.ts'
import { hostOf, isLoopback, listOf, smsProviderNames, smsProvidersOf, usesCarrierEmulator } from './derived.ts'
import { isPublicAddress } from '../domain/sms/private-addresses.ts'
import { parseWebhookSecret } from '../domain/sms/webhook-signature.ts'
import { urlProblem } from './validate-url.ts'

/** Of which process sends SMS. */
export function deliveryProblems (config: Config): string[] {
  if (config.SMS_DELIVERY === 'on') return []
  return [
    ...(config.REDIS_URL === undefined ? ['SMS_DELIVERY=off needs REDIS_URL: without Redis no other process can send the SMS'] : []),
    ...(usesCarrierEmulator(config) ? ['SMS_DELIVERY=off needs TWILIO_SID: no other process can reach the carrier emulator in this one'] : [])
  ]
}

/** Of Twilio, or of the emulator in its place. */
export function carrierProblems (config: Config): string[] {
  if (usesCarrierEmulator(config)) {
    const stray = (['TWILIO_API_KEY', 'TWILIO_PHONE_NUMBER', 'TWILIO_MESSAGING_SERVICE_SID', 'TWILIO_API_BASE_URL'] as const)
      .filter((name) => config[name] !== undefined)
    if (stray.length > 0) return [`TWILIO_SID is missing, although ${stray.join(', ')} is set`]
    if (isLoopback(config.HOST) || config.DEV_INBOX === 'on' || config.NODE_ENV === 'production') return []
    return [`TWILIO_SID, TWILIO_API_KEY and TWILIO_PHONE_NUMBER are missing, and HOST=${config.HOST} can be reached from other machines: ` +
      'whoever opens the SMS inbox there can sign in as anyone. Set them, or DEV_INBOX=on if that is meant']
  }
  if (!smsProvidersOf(config).includes('twilio')) return []
  const problems: string[] = []
  if (!/^AC\w+$/.test(String(config.TWILIO_SID))) problems.push('TWILIO_SID is an account SID and begins with AC')
  if (config.TWILIO_API_KEY === undefined) problems.push('TWILIO_API_KEY is missing, although TWILIO_SID is set')
  if (config.TWILIO_PHONE_NUMBER === undefined && config.TWILIO_MESSAGING_SERVICE_SID === undefined) {
    problems.push('TWILIO_PHONE_NUMBER (or TWILIO_MESSAGING_SERVICE_SID) is missing, although TWILIO_SID is set')
  }
  return problems
}

/** Of the roads that SMS take. */
export function providerProblems (config: Config): string[] {
  const names: string[] = smsProvidersOf(config)
  const known: readonly string[] = smsProviderNames
  return [
    ...names.filter((name) => !known.includes(name)).map((name) => `SMS_PROVIDERS: ${name} is none of ${known.join(', ')}`),
    ...(new Set(names).size === names.length ? [] : ['SMS_PROVIDERS names a provider twice'])
  ]
}

/** Of codes by WhatsApp. */
export function whatsAppProblems ({ TWILIO_WHATSAPP_FROM: from, TWILIO_WHATSAPP_CONTENT_SID: template }: Config): string[] {
  return [
    ...((from === undefined) === (template === undefined) ? [] : ['TWILIO_WHATSAPP_FROM and TWILIO_WHATSAPP_CONTENT_SID are needed together']),
    ...(from === undefined || /^\+[1-9]\d{6,14}$/.test(from) ? [] : ['TWILIO_WHATSAPP_FROM is not a number in E.164, such as +14155238886']),
    ...(template === undefined || /^HX[0-9a-fA-F]{32}$/.test(template) ? [] : ['TWILIO_WHATSAPP_CONTENT_SID is not a content SID: HX and 32 hexadecimal digits'])
  ]
}

/** Of the signed webhook. */
export function webhookProblems (config: Config): string[] {
  if (!smsProvidersOf(config).includes('webhook')) return []
  const missing = (['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'] as const).filter((name) => listOf(config[name]).length === 0)
  return [
    ...missing.map((name) => `${name} is missing, although SMS_PROVIDERS names webhook`),
    ...webhookUrlProblems(config),
    ...(listOf(config.SMS_WEBHOOK_SECRET).every((secret) => parseWebhookSecret(secret) !== undefined)
      ? []
      : ['SMS_WEBHOOK_SECRET: each secret is whsec_ and base64 of 24 to 64 bytes, such as: echo whsec_$(openssl rand -base64 32)'])
  ]
}

/** A name that leads to a private address is met where it is resolved. */
function webhookUrlProblems ({ SMS_WEBHOOK_URL: value, SMS_WEBHOOK_ALLOW_PRIVATE: allowed }: Config): string[] {
  if (value === undefined) return []
  const problems = urlProblem('SMS_WEBHOOK_URL', value, allowed === 'on' ? ['https:', 'http:'] : ['https:'])
  const url = URL.parse(value)
  if (url === null || problems.length > 0) return problems
  const isPrivate = isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url))
  return [
    ...(url.username === '' && url.password === '' ? [] : ['SMS_WEBHOOK_URL holds credentials, which would be shown where the URL is: the signature tells who sends']),
    ...(isPrivate && allowed === 'off' ? ['SMS_WEBHOOK_URL leads to a private address; set SMS_WEBHOOK_ALLOW_PRIVATE=on if that is meant'] : [])
  ]
}

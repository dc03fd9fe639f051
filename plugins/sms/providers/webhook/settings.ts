import { isIP } from 'node:net'
import { hostOf, listOf } from '../../../../src/config/derived.ts'
import { choice, optional } from '../../../../src/config/fields.ts'
import { urlProblem } from '../../../../src/config/validate-url.ts'
import { isPublicAddress } from '../../../../src/domain/sms/private-addresses.ts'
import { parseWebhookSecret } from '../../../../src/domain/sms/webhook-signature.ts'
import type { SettingsOf, ValidationContext } from '../definition.ts'

export const fields = {
  SMS_WEBHOOK_URL: optional('`https://...` that takes SMS for the provider `webhook`'),
  SMS_WEBHOOK_SECRET: optional('`whsec_` and base64 of 24 to 64 bytes, which signs them; several, comma-separated, sign each'),
  SMS_WEBHOOK_ALLOW_PRIVATE: choice(['on', 'off'], {
    default: 'off', description: '`on` lets SMS_WEBHOOK_URL lead to private addresses, and be `http://`'
  })
}

export type WebhookSettings = SettingsOf<typeof fields>

export function validate (settings: WebhookSettings, { isSelected }: ValidationContext): string[] {
  if (!isSelected) return []
  const secrets = listOf(settings.SMS_WEBHOOK_SECRET)
  const missing = (['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'] as const).filter((name) => listOf(settings[name]).length === 0)
  return [
    ...missing.map((name) => `${name} is missing, although SMS_PROVIDERS names webhook`),
    ...urlProblems(settings),
    ...(secrets.every((secret) => parseWebhookSecret(secret) !== undefined)
      ? []
      : ['SMS_WEBHOOK_SECRET: each secret is whsec_ and base64 of 24 to 64 bytes, such as: echo whsec_$(openssl rand -base64 32)'])
  ]
}

/** A host name is checked when it is resolved for a connection. */
function urlProblems ({ SMS_WEBHOOK_URL: value, SMS_WEBHOOK_ALLOW_PRIVATE: allowed }: WebhookSettings): string[] {
  if (value === undefined) return []
  const problems = urlProblem('SMS_WEBHOOK_URL', value, allowed === 'on' ? ['https:', 'http:'] : ['https:'])
  const url = URL.parse(value)
  if (url === null || problems.length > 0) return problems
  const isPrivate = isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url))
  return [
    ...(url.username === '' && url.password === ''
      ? []
      : ['SMS_WEBHOOK_URL holds credentials, which would be shown wherever the URL is: the signature authenticates the sender']),
    ...(isPrivate && allowed === 'off' ? ['SMS_WEBHOOK_URL leads to a private address; set SMS_WEBHOOK_ALLOW_PRIVATE=on if that is intended'] : [])
  ]
}

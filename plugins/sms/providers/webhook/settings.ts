import { isIP } from 'node:net'
import { flag, optionalText, splitList, validateUrl } from '../../../../src/config/parsers.ts'
import type { Rule, ValuesOf } from '../../../../src/config/setting.ts'
import { isPublicAddress } from '../../../../src/domain/sms/private-addresses.ts'
import { parseWebhookSecret } from '../../../../src/domain/sms/webhook-signature.ts'
import { getHost } from '../../../../src/http/hosts.ts'
import type { ProviderContext } from '../definition.ts'

/** URL and secrets are not checked unless the provider is selected. */
export const settings = {
  url: optionalText('SMS_WEBHOOK_URL', 'Address (`https://...`) to which the provider `webhook` posts SMS'),
  secrets: optionalText(
    'SMS_WEBHOOK_SECRET', '`whsec_` and base64 of 24 to 64 bytes, which signs the SMS; several, comma-separated, each add a signature'
  ),
  allowsPrivate: flag('SMS_WEBHOOK_ALLOW_PRIVATE', false, '`on` allows private addresses and `http://` in SMS_WEBHOOK_URL')
}

export type WebhookSettings = ValuesOf<typeof settings>

export const rules: Array<Rule<ProviderContext<WebhookSettings>>> = [
  {
    settings: [],
    check: ({ isSelected }, isUnset) => isSelected
      ? [settings.url, settings.secrets].filter(isUnset).map(({ name }) => `${name} is missing, although SMS_PROVIDERS names webhook`)
      : []
  },
  { settings: [settings.allowsPrivate], check: ({ own, isSelected }) => isSelected ? findUrlProblems(own) : [] },
  {
    settings: [],
    check: ({ own, isSelected }) => !isSelected || splitList(own.secrets).every((secret) => parseWebhookSecret(secret) !== undefined)
      ? []
      : ['SMS_WEBHOOK_SECRET: each secret is whsec_ and base64 of 24 to 64 bytes, such as: echo whsec_$(openssl rand -base64 32)']
  }
]

/** A host name is checked when it is resolved for a connection. */
function findUrlProblems ({ url: value, allowsPrivate }: WebhookSettings): string[] {
  if (value === undefined) return []
  const problem = validateUrl(allowsPrivate ? ['https:', 'http:'] : ['https:'])(value)
  if (problem !== undefined) return [`SMS_WEBHOOK_URL${problem}`]
  const url = new URL(value)
  const host = getHost(url)
  const isPrivate = isIP(host) !== 0 && !isPublicAddress(host)
  return [
    ...(url.username === '' && url.password === ''
      ? []
      : ['SMS_WEBHOOK_URL contains credentials, which would be shown with the URL: the signature authenticates the sender instead']),
    ...(isPrivate && !allowsPrivate
      ? ['SMS_WEBHOOK_URL leads to a private address; set SMS_WEBHOOK_ALLOW_PRIVATE=on if that is intended']
      : [])
  ]
}

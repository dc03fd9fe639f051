import { defineProvider } from '../definition.ts'
import { rules, settings } from './settings.ts'

const privateWarning = 'SMS_WEBHOOK_ALLOW_PRIVATE=on: SMS_WEBHOOK_URL MAY LEAD TO PRIVATE ADDRESSES AND WITHOUT TLS, WHERE OTHERS CAN ' +
  'READ THE CODES'

/** Any SMS gateway that accepts signed JSON. It reports no receipts. */
export const webhook = defineProvider({
  name: 'webhook',
  settings,
  rules,
  channels: () => ['sms'],
  async create ({ clock, config, log }, values) {
    if (values.allowsPrivate) log.warn(privateWarning)
    const { createWebhookProvider } = await import('./provider.ts')
    return createWebhookProvider({ settings: values, now: clock.now, proxies: config.outbound })
  }
})

import { createHash, timingSafeEqual } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { optionalText, validateUrl } from '../../../../src/config/parsers.ts'
import type { ValuesOf } from '../../../../src/config/setting.ts'
import { readRetryAfter } from '../../../../src/domain/sms/backoff.ts'
import { SmsError, type SmsFailure, type SmsProvider } from '../../../../plugins/sms/providers/contract.ts'
import { defineProvider, type ReceiptSource } from '../../../../plugins/sms/providers/definition.ts'
import { createPoster, type PostError, type PosterOptions } from '../../../../plugins/sms/providers/http-poster.ts'

const name = 'acme'
const settings = {
  url: optionalText('ACME_URL', 'Address of the Acme API', validateUrl(['https:', 'http:'])),
  key: optionalText('ACME_KEY', 'API key of Acme, which also authenticates its receipts')
}

export const acme = defineProvider<typeof settings>({
  name,
  settings,
  rules: Object.values(settings).map((setting) => ({
    settings: [setting],
    check: ({ isSelected }, isUnset) => isSelected && isUnset(setting)
      ? [`${setting.name} is missing, although SMS_PROVIDERS names ${name}`]
      : []
  })),
  channels: () => ['sms'],
  create: async ({ clock }, values) => createAcmeProvider({ values, now: clock.now }),
  createReceiptSource: async (_fastify, { key }) => key === undefined ? undefined : createAcmeReceipts(key)
})

export interface AcmeOptions extends PosterOptions {
  values: ValuesOf<typeof settings>
  now (): number
}

export function createAcmeProvider ({ values, now, ...options }: AcmeOptions): SmsProvider {
  const url = new URL(String(values.url))
  const headers = { authorization: `Bearer ${values.key}`, 'content-type': 'application/json' }
  const poster = createPoster(options)

  return {
    name,
    channels: ['sms'],
    close: poster.close,
    async send ({ id, to, text }) {
      const { status, retryAfter } = await poster.post(url, { headers, body: JSON.stringify({ id, to, text }) })
        .catch(({ hasLeft, message }: PostError) => {
          throw new SmsError({ failure: hasLeft ? 'ambiguous' : 'unreachable', detail: message, provider: name })
        })
      if (status === 202) return id
      const retryAfterMs = readRetryAfter(retryAfter, now())
      throw new SmsError({ failure: toFailure(status), detail: `status ${status}`, provider: name, status, retryAfterMs })
    }
  }
}

function toFailure (status: number): SmsFailure {
  if (status === 429) return 'busy'
  if (status >= 500 || status === 408) return 'ambiguous'
  return status === 401 || status === 404 ? 'sender' : 'refused'
}

const ReceiptBody = Type.Object({
  id: Type.String({ maxLength: 64 }),
  state: Type.Union([Type.Literal('delivered'), Type.Literal('failed')])
})

const hash = (text: string) => createHash('sha256').update(text).digest()

function createAcmeReceipts (key: string): ReceiptSource<ReturnType<typeof Type.Object>, typeof ReceiptBody> {
  return {
    schema: {
      operationId: 'acmeStatus',
      summary: 'Status callback of Acme',
      description: 'Authenticated by the API key, else 403 `CHR_SIGNATURE_INVALID`.',
      consumes: ['application/json'],
      querystring: Type.Object({}),
      body: ReceiptBody
    },
    isAuthentic: ({ headers }) => timingSafeEqual(hash(String(headers.authorization)), hash(`Bearer ${key}`)),
    read: ({ id, state }) => ({ provider: name, deliveryId: id, messageId: id, status: state })
  }
}

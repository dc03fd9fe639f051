import fp from 'fastify-plugin'
import { Counter } from 'prom-client'
import { SmsError, type SmsFailover } from './contract.ts'
import { createFailover } from './failover.ts'
import { guardProvider, type AttemptOutcome, type GuardOptions } from './guarded-provider.ts'
import { createSuspensionStore } from './suspension-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    sms: SmsFailover
    carrierFaults: CarrierFaults
  }
}

/** A failure that a receipt reports, with the carrier's error code. */
export interface CarrierFault {
  provider: string
  carrierCode: number
  /** The code blames the credentials, the account or the sender. */
  isSenderFault: boolean
}

export interface CarrierFaults {
  /** Counts the error code of a receipt. If it blames the sender, the provider is suspended, as after such a reply. */
  record (fault: CarrierFault): Promise<void>
}

const outcomes: readonly AttemptOutcome[] = ['sent', 'busy', 'unreachable', 'ambiguous', 'recipient', 'channel', 'refused', 'sender']

/**
 * Creates the providers of SMS_PROVIDERS and sends over them in that order, with failover. A provider that refuses the
 * credentials makes `/health/ready` say `degraded`, here and on every instance with the same Redis. Close ends their
 * connections.
 */
export default fp(async (fastify) => {
  const { config, clock, log, health, metrics, redis } = fastify
  const attempts = new Counter({
    name: 'cheershare_sms_attempts_total',
    help: 'Calls to SMS providers by provider and outcome',
    labelNames: ['provider', 'outcome'] as const,
    registers: [metrics.registry]
  })
  const codes = new Counter({
    name: 'cheershare_sms_carrier_codes_total',
    help: 'Error codes of carriers, in replies and receipts',
    labelNames: ['provider', 'code'] as const,
    registers: [metrics.registry]
  })
  const countCode = (provider: string, carrierCode: number) => codes.inc({ provider, code: toCodeLabel(carrierCode) })
  const store = createSuspensionStore(redis, config.auth.phoneHashSecret)
  const options: GuardOptions = {
    store,
    now: clock.now,
    log,
    sends: config.sms.delivers,
    count (provider, outcome, carrierCode) {
      attempts.inc({ provider, outcome })
      if (carrierCode !== undefined) countCode(provider, carrierCode)
    }
  }

  const providers = await Promise.all(
    config.sms.providers.map(async ({ definition, settings }) => guardProvider(await definition.create(fastify, settings), options))
  )
  for (const provider of providers) {
    const { name } = provider
    for (const outcome of outcomes) attempts.inc({ provider: name, outcome }, 0)
    health.add(`sms:${name}`, async () => provider.isSuspended || await store.has(name) ? 'degraded' : 'up')
    fastify.addHook('onClose', provider.close)
  }
  fastify.decorate('sms', createFailover(providers))

  fastify.decorate('carrierFaults', {
    async record ({ provider: name, carrierCode, isSenderFault }) {
      countCode(name, carrierCode)
      const provider = providers.find((each) => each.name === name)
      if (provider === undefined || !isSenderFault) return
      const error = new SmsError({ failure: 'sender', detail: `code ${carrierCode} in a receipt`, provider: name, carrierCode })
      await provider.suspend(error)
    }
  })
}, { name: 'sms', dependencies: ['carrier', 'health', 'metrics', 'redis'], fastify: '5.x' })

/** Carriers have codes of five digits. The value of another number would only create time series. */
function toCodeLabel (code: number): string {
  return Number.isInteger(code) && code > 0 && code <= 99_999 ? String(code) : 'other'
}

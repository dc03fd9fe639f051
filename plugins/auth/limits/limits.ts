import type { Config } from '../../../src/config/index.ts'
import { bucketOf, unknownAddress } from '../../../src/domain/auth/client-address.ts'
import { authenticateText } from '../../../src/domain/auth/keyring.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { Limits } from './contract.ts'
import type { Counter, CounterStore, DistinctCounter, Limit } from './counters.ts'
import { giveBackAll, type Claim, type Taker } from './reservation.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const prefixWindow = 10 * minute
const prefixCutDigits = 4

/** All requests without an address together get one part in so many of what an address gets. */
const strictDivisor = 10

/** A limit of 0 is off. */
const unlimited: Counter & DistinctCounter = { take: async () => ({ kind: 'taken', giveBack: async () => {} }) }

export function createLimits (config: Config, secrets: Secrets, store: CounterStore, taker: Taker): Limits {
  const counter = (limit: Limit): Counter => limit.maximum === 0 ? unlimited : store.counter(limit)
  const distinct = (limit: Limit): DistinctCounter => limit.maximum === 0 ? unlimited : store.distinct(limit)

  const sends = byAddress(counter, { name: 'sends_per_address_hour', maximum: config.LIMIT_SENDS_PER_ADDRESS_HOUR, windowSeconds: hour })
  const phones = byAddress(distinct, { name: 'phones_per_address_hour', maximum: config.LIMIT_PHONES_PER_ADDRESS_HOUR, windowSeconds: hour })
  const verifies = byAddress(counter, { name: 'verifies_per_address_hour', maximum: config.LIMIT_VERIFIES_PER_ADDRESS_HOUR, windowSeconds: hour })
  const prefixes = counter({ name: 'sends_per_prefix', maximum: config.LIMIT_SENDS_PER_PREFIX, windowSeconds: prefixWindow })
  const perMinute = counter({ name: 'sends_per_minute', maximum: config.LIMIT_SENDS_PER_MINUTE, windowSeconds: minute })
  const perDay = counter({ name: 'sends_per_day', maximum: config.LIMIT_SENDS_PER_DAY, windowSeconds: day })

  /** Stands for an address, a prefix or this service in keys, as `hashPhone` does for a number. */
  const hash = (kind: string, text: string) => authenticateText(secrets.phoneHashKey, [kind, text]).slice(0, 22)
  const service = hash('service', '')

  function ofClient (phone: string, address: string | undefined): Claim[][] {
    const bucket = bucketOf(address)
    const client = hash('address', bucket)
    const prefix = hash('prefix', phone.slice(0, -prefixCutDigits))
    return [
      [
        { limit: 'sends_per_address_hour', take: async () => await sends(bucket).take(client) },
        { limit: 'phones_per_address_hour', take: async () => await phones(bucket).take(client, secrets.hashPhone(phone)), isKept: true }
      ],
      [{ limit: 'sends_per_prefix', take: async () => await prefixes.take(prefix) }]
    ]
  }

  const ofService: Claim[] = [
    { limit: 'sends_per_minute', take: async () => await perMinute.take(service) },
    { limit: 'sends_per_day', take: async () => await perDay.take(service) }
  ]

  return {
    isOff: [config.LIMIT_SENDS_PER_ADDRESS_HOUR, config.LIMIT_PHONES_PER_ADDRESS_HOUR, config.LIMIT_SENDS_PER_PREFIX, config.LIMIT_SENDS_PER_MINUTE, config.LIMIT_SENDS_PER_DAY]
      .every((maximum) => maximum === 0),
    async takeSend ({ phone, address, isReserve = false }) {
      let taken = await taker.takeAll([...(isReserve ? [] : ofClient(phone, address)), ofService])
      return {
        async giveBack () {
          const returned = taken.filter(({ isKept }) => !isKept)
          taken = []
          await giveBackAll(returned)
        }
      }
    },
    async takeVerify (address) {
      const bucket = bucketOf(address)
      await taker.takeAll([[{ limit: 'verifies_per_address_hour', take: async () => await verifies(bucket).take(hash('address', bucket)) }]])
    }
  }
}

/** The counter that an address belongs to. */
function byAddress<AnyCounter> (make: (limit: Limit) => AnyCounter, limit: Limit): (bucket: string) => AnyCounter {
  const strictMaximum = Math.max(Math.floor(limit.maximum / strictDivisor), Math.min(limit.maximum, 1))
  const [usual, strict] = [make(limit), make({ ...limit, maximum: strictMaximum })]
  return (bucket) => bucket === unknownAddress ? strict : usual
}

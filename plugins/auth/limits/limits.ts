import { bucketOf, unknownAddress } from '../../../src/domain/auth/client-address.ts'
import { authenticateText } from '../../../src/domain/auth/keyring.ts'
import {
  limitScopes, maximumWithoutAddress, rateLimits, toPrefix, type LimitName, type LimitScope, type RateLimit
} from '../../../src/domain/auth/limits.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { CounterStore, LimitReservation, Limits } from './contract.ts'
import { releaseAll, type LimitRequest, type Reservations } from './reservation.ts'

export interface LimitsOptions {
  /** The maximum of each limit by its name; 0 turns it off. */
  maxima: Readonly<Record<LimitName, number>>
  secrets: Secrets
  store: CounterStore
  reservations: Reservations
}

interface Requester {
  /** The result of `bucketOf`. */
  bucket: string
  /** Empty for an attempt to verify a code: its limits do not depend on the number. */
  phone: string
}

/** The limits of one scope that are on. */
interface Round {
  scope: LimitScope
  limits: RateLimit[]
}

/** Creates the rate limits that are on, over a store that counts. */
export function createLimits ({ maxima, secrets, store, reservations }: LimitsOptions): Limits {
  /** Groups the applicable limits by scope, the narrowest scope first. */
  function findRounds (isApplied: (limit: RateLimit) => boolean): Round[] {
    const active = rateLimits.filter((limit) => maxima[limit.name] > 0 && isApplied(limit))
    return limitScopes.map((scope) => ({
      scope, limits: active.filter(({ key }) => key === scope)
    })).filter(({ limits }) => limits.length > 0)
  }

  const sendRounds = findRounds(({ kind }) => kind !== 'verifies')
  const deviceRounds = sendRounds.filter(({ scope }) => scope === 'service')
  const verifyRounds = findRounds(({ kind }) => kind === 'verifies')

  /** Replaces an address, a prefix or the service in keys, as `hashPhone` does for a number. */
  const hash = (kind: string, text: string) => authenticateText(secrets.phoneHashKey, [kind, text]).slice(0, 22)
  const serviceKey = hash('service', '')
  const toKey: Record<LimitScope, (requester: Requester) => string> = {
    address: ({ bucket }) => hash('address', bucket),
    prefix: ({ phone }) => hash('prefix', toPrefix(phone)),
    service: () => serviceKey
  }

  function toRequests ({ scope, limits }: Round, requester: Requester): LimitRequest[] {
    const key = toKey[scope](requester)
    const isStrict = scope === 'address' && requester.bucket === unknownAddress
    return limits.map(({ name, kind, windowSeconds }) => {
      const maximum = isStrict ? maximumWithoutAddress(maxima[name]) : maxima[name]
      const isRetained = kind === 'phones'
      const count = { name, maximum, windowSeconds, key, ...(isRetained ? { member: secrets.hashPhone(requester.phone) } : {}) }
      return { limit: name, isRetained, acquire: async () => await store.acquire(count) }
    })
  }

  async function acquire (rounds: Round[], requester: Requester): Promise<LimitReservation> {
    let acquired = await reservations.acquireAll(rounds.map((round) => toRequests(round, requester)))
    return {
      async release () {
        const returned = acquired.filter(({ isRetained }) => !isRetained)
        acquired = []
        await releaseAll(returned)
      }
    }
  }

  return {
    isOff: sendRounds.length === 0,
    async acquireSend ({ phone, address, usesDeviceAllowance = false }) {
      return await acquire(usesDeviceAllowance ? deviceRounds : sendRounds, { phone, bucket: bucketOf(address) })
    },
    async acquireVerify (address) {
      return await acquire(verifyRounds, { phone: '', bucket: bucketOf(address) })
    }
  }
}

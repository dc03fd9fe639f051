import { randomUUID, type KeyObject } from 'node:crypto'
import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { acquireLease, releaseLease } from '../../../db/leases.ts'
import { changeKeys, listKeys, resealKey } from '../../../db/signing-keys.ts'
import { createSigningKey, openSigningKey, resealSigningKey } from '../../../src/domain/auth/signing-key-pair.ts'
import { needsKey, planRotation, sortKeys, type KeyStates, type StoredKey } from '../../../src/domain/auth/signing-keys.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import { commandLine } from '../../../src/process/package-info.ts'
import { repeatEvery } from '../../../src/process/periodic.ts'
import { StartError } from '../../../src/process/retry-until.ts'

/** A published key. */
export interface SigningKey extends StoredKey {
  /** `undefined` if no secret of APP_SECRET opens it; such a key only verifies. */
  privateKey: KeyObject | undefined
}

/** The keys that sign and verify JWTs; every instance has the same ones. */
export interface SigningKeys {
  /** The published keys by state, at this moment. */
  readonly states: KeyStates<SigningKey>
  /**
   * The key that signs now.
   * @throws {UnavailableError} if there is none
   */
  signer (): SigningKey & { privateKey: KeyObject }
  /** Finds a published key by its `kid`. Reads the database again for an unknown one, at most once a second. */
  find (id: string): Promise<SigningKey | undefined>
  /** Reads the keys of the database, and adds the next one if it is due. Each instance does so every ten seconds. */
  refresh (): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance { signingKeys: SigningKeys }
}

const refreshMs = 10_000
const unknownPauseMs = 1000
/** An instance that was killed while it made a key keeps the others from it for this time. */
const leaseSeconds = 60

/**
 * Makes, seals and rotates the keys of JWTs. A key is published a day before it signs and a day after, so that no resource server
 * meets an unknown one. Keys sealed under an earlier secret of APP_SECRET are sealed again at start.
 */
export default fp(async (fastify) => {
  const { db, rowClock: clock, secrets: { keyring }, config: { jwt, auth }, log, metrics } = fastify
  let keys: SigningKey[] = []
  const lease = { name: 'signing-keys', holder: randomUUID() }
  let askedAt = -Infinity
  let asking: Promise<void> = Promise.resolve()
  let reported: string | undefined

  const policy = () => {
    const now = clock.now()
    return {
      now,
      algorithm: jwt.algorithm,
      lifeDays: jwt.keyDays,
      create: (signsFrom: number) => createSigningKey({ algorithm: jwt.algorithm, secret: keyring.current, createdAt: now, signsFrom })
    }
  }
  const states = () => sortKeys(keys, clock.now())

  async function load (): Promise<void> {
    const opened = new Map(keys.map(({ sealedKey, privateKey }) => [sealedKey, privateKey]))
    keys = (await listKeys(db)).map((key) => ({ ...key, privateKey: opened.get(key.sealedKey) ?? openSigningKey(key, keyring) }))
  }

  /** Reads the keys for an unknown `kid`. Requests that come meanwhile wait for it, too; they may have the same new key. */
  function askAgain (): Promise<void> {
    if (performance.now() - askedAt < unknownPauseMs) return asking
    askedAt = performance.now()
    asking = load()
    return asking
  }

  /** Tells the log when another key begins to sign. */
  function report (): void {
    const { current } = states()
    if (current === undefined || current.id === reported) return
    reported = current.id
    log.info({ kid: current.id, signsFrom: new Date(current.signsFrom).toISOString() }, 'this key signs JWTs from now on')
  }

  async function refresh (): Promise<void> {
    await load()
    await addKey()
    report()
  }

  async function addKey (): Promise<void> {
    if (!needsKey(states(), policy())) return
    // Only the first keys are made by whoever comes first, because every instance waits for them.
    if (states().current !== undefined && !await acquireLease(db, { ...lease, seconds: leaseSeconds })) return
    const { add } = await changeKeys(db, (stored) => planRotation(stored, policy()))
    for (const { id, signsFrom } of add) log.info({ kid: id, signsFrom: new Date(signsFrom).toISOString() }, 'a new signing key is published')
    await releaseLease(db, lease)
    await load()
  }

  /** Without its private part a key cannot sign, and every instance would answer 503 to requests for a JWT. */
  async function openAll (): Promise<void> {
    for (const key of keys) {
      const sealed = resealSigningKey(key, keyring)
      if (sealed !== undefined) await resealKey(db, sealed)
    }
    const { next, current } = states()
    const stranded = [...next, current].filter((key) => key !== undefined && key.privateKey === undefined) as SigningKey[]
    if (stranded.length === 0) return
    if (auth.appSecrets.length > 0) {
      throw new StartError(
        `APP_SECRET lacks the secret that seals the signing key ${stranded[0]?.id}: append the earlier secret to the list until every ` +
          `instance has started with both, or withdraw all keys by "${commandLine('keys', 'rotate --now')}"`
      )
    }
    // The generated secret of DATA_DIR is gone, and with it every other value that it sealed.
    const ids = stranded.map(({ id }) => id)
    await changeKeys(db, () => ({ remove: ids, add: [] }))
    log.warn({ kids: ids }, 'signing keys were withdrawn, because the generated secret that sealed them is missing')
  }

  await load()
  await openAll()
  await refresh()
  repeatEvery(fastify, { everyMs: refreshMs, run: refresh, failure: 'the signing keys could not be read' })

  const gauge = new Gauge({
    name: 'cheershare_signing_key_age_seconds',
    help: 'Time since the key that signs JWTs began to sign',
    registers: [metrics.registry],
    collect () {
      const { current } = states()
      if (current !== undefined) gauge.set((clock.now() - current.signsFrom) / 1000)
    }
  })

  fastify.decorate('signingKeys', {
    get states () { return states() },
    signer () {
      const { current } = states()
      if (current?.privateKey === undefined) throw new UnavailableError('signing key', new Error('no key can sign'))
      return { ...current, privateKey: current.privateKey }
    },
    async find (id) {
      const findKnown = () => {
        const { next, current, previous } = states()
        return [...next, current, ...previous].find((key) => key?.id === id)
      }
      if (findKnown() === undefined) await askAgain()
      return findKnown()
    },
    refresh
  })
}, { name: 'signing-keys', dependencies: ['postgres', 'row-clock', 'secrets', 'metrics'], fastify: '5.x' })

import { randomInt } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import t from 'tap'
import { createClock, signUp, type TestClock } from '../../../support/helper.ts'
import { createCluster } from '../../../support/instances.ts'
import { audience, exchangeRequest, getJwt, statusOf } from '../../../support/jwts.ts'
import { startOwnService, untilLogged } from '../../../support/program.ts'

const dayMs = 86_400_000
const year = '31536000'
/** The cache time of the key set. */
const cacheMs = 300_000

const any = <Item>(items: readonly Item[]) => items[randomInt(items.length)] as Item

/** Verifies JWTs as a resource server does: with a copy of the keys that is up to five minutes old. */
function createResourceServer (instances: readonly FastifyInstance[], clock: TestClock) {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined
  let fetchedAt = -Infinity
  return async (jwt: string): Promise<void> => {
    if (keys === undefined || clock.now() - fetchedAt >= cacheMs) {
      fetchedAt = clock.now()
      keys = createLocalJWKSet((await any(instances).inject('/.well-known/jwks.json')).json<JSONWebKeySet>())
    }
    await jwtVerify(jwt, keys, { audience, typ: 'at+jwt', currentDate: new Date(clock.now()) })
  }
}

t.test('four instances under load rotate twice without one refused request', async (t) => {
  const clock = createClock()
  const cluster = await createCluster(t)
  const env = { JWT_AUDIENCES: audience, TOKEN_TTL_SECONDS: year, TOKEN_MAX_SECONDS: year }
  const instances = await Promise.all(Array.from({ length: 4 }, async () => await cluster.start(env, clock)))
  const { token } = await signUp(any(instances))
  const verifiers = Array.from({ length: 3 }, () => createResourceServer(instances, clock))
  const kids = new Set<unknown>()
  const failures: unknown[] = []
  let earlier: { own: string, foreign: string } | undefined

  async function use ({ own, foreign }: { own: string, foreign: string }): Promise<void> {
    const status = await statusOf(any(instances), own)
    if (status !== 200) failures.push(status)
    await any(verifiers)(foreign).catch((error: unknown) => failures.push(error))
  }

  async function request (): Promise<void> {
    const jwts = { own: await getJwt(any(instances), token), foreign: await getJwt(any(instances), token, audience) }
    kids.add(decodeProtectedHeader(jwts.own).kid)
    await use(jwts)
    if (earlier !== undefined) await use(earlier)
    earlier = jwts
  }

  /** Moves the clock, and sends requests while all instances read the keys. JWTs of the step before are used again while they are valid. */
  async function step (milliseconds: number): Promise<void> {
    clock.advance(milliseconds)
    if (milliseconds > 200_000) earlier = undefined
    const refreshes = [...instances].sort(() => randomInt(3) - 1).map(async ({ signingKeys }) => { await signingKeys.refresh() })
    await Promise.all([...refreshes, ...Array.from({ length: 6 }, request)])
  }

  for (let rotation = 0; rotation < 2; rotation++) {
    await step(88 * dayMs)
    for (let minutes = 0; minutes < 20; minutes++) await step(dayMs / 20)
    await step(dayMs - 600_000)
    for (let seconds = 0; seconds < 1200; seconds += 100) await step(100_000)
  }
  t.same(failures, [])
  t.equal(kids.size, 3, 'three keys have signed')
  const sets = await Promise.all(instances.map(async (instance) => (await instance.inject('/.well-known/jwks.json')).body))
  t.equal(new Set(sets).size, 1, 'all instances publish the same keys')
})

t.test('a next key is published a day before it signs, and every instance knows it by then', async (t) => {
  const clock = createClock()
  const cluster = await createCluster(t)
  const [one, other] = [await cluster.start({}, clock), await cluster.start({}, clock)]
  const first = one.signingKeys.signer().id
  clock.advance(89 * dayMs)
  await Promise.all([one.signingKeys.refresh(), other.signingKeys.refresh()])
  await one.signingKeys.refresh()
  await other.signingKeys.refresh()
  const [next] = one.signingKeys.states.next
  t.equal(next?.signsFrom, clock.now() + dayMs)
  t.same(other.signingKeys.states.next.map(({ id }) => id), [next?.id])
  t.equal(one.signingKeys.signer().id, first)
  clock.advance(dayMs)
  for (const instance of [one, other]) {
    t.equal(instance.signingKeys.signer().id, next?.id, 'without a restart and without another read')
    t.match(instance.signingKeys.states.previous, [{ id: first }])
  }
  clock.advance(dayMs)
  t.same(one.signingKeys.states.previous, [])
  t.match(await one.metrics.expose(), /^cheershare_signing_key_age_seconds 86400$/m)
})

t.test('the log tells which keys are published and which one signs', async (t) => {
  const { program } = await startOwnService(t)
  const { kid } = await untilLogged(program, 'a new signing key is published')
  t.match(await untilLogged(program, 'this key signs JWTs from now on'), { kid, signsFrom: /^\d{4}-/ })
})

t.test('while another instance holds the lease, an instance adds no key', async (t) => {
  const clock = createClock()
  const cluster = await createCluster(t)
  const app = await cluster.start({}, clock)
  clock.advance(89 * dayMs)
  const lease = 'insert into leases (name, holder, expires_at) values ($1, gen_random_uuid(), now() + interval \'1 hour\')'
  await app.pg.pool.query(lease, ['signing-keys'])
  await app.signingKeys.refresh()
  t.same(app.signingKeys.states.next, [])
  await app.pg.pool.query('delete from leases')
  await app.signingKeys.refresh()
  t.equal(app.signingKeys.states.next.length, 1)
  t.same((await app.pg.pool.query('select from leases')).rowCount, 0, 'the lease is released')
})

t.test('instances that start at the same time make one key', async (t) => {
  const cluster = await createCluster(t)
  const instances = await Promise.all(Array.from({ length: 4 }, async () => await cluster.start()))
  t.equal(new Set(instances.map(({ signingKeys }) => signingKeys.signer().id)).size, 1)
  t.equal((await instances[0]?.pg.pool.query('select from signing_keys'))?.rowCount, 1)
})

t.test('an instance meets a key that it does not know, and asks the database once for all requests', async (t) => {
  const cluster = await createCluster(t)
  const [one, other] = [await cluster.start(), await cluster.start()]
  const { token } = await signUp(one)
  await one.pg.pool.query('delete from signing_keys')
  await one.signingKeys.refresh()
  const jwt = await getJwt(one, token)
  t.same(await Promise.all(Array.from({ length: 5 }, async () => await statusOf(other, jwt))), [200, 200, 200, 200, 200])
})

t.test('an instance without a key answers 503 to an exchange', async (t) => {
  const clock = createClock()
  const cluster = await createCluster(t)
  const app = await cluster.start({ JWT_AUDIENCES: audience }, clock)
  const { token } = await signUp(app)
  await app.pg.pool.query('update signing_keys set signs_from = signs_from + interval \'1 day\', sealed_key = \'x\'')
  await app.signingKeys.refresh()
  await app.pg.pool.query('update signing_keys set signs_from = signs_from - interval \'2 days\'')
  await app.signingKeys.refresh()
  t.match((await app.inject(exchangeRequest(token))).json(), { error: 'temporarily_unavailable' })
})

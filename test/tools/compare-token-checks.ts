import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../src/config/index.ts'
import { buildInstance } from '../../src/process/instance.ts'
import { signUp } from '../support/helper.ts'
import { exchangeRequest, getJwt } from '../support/jwts.ts'

/**
 * Prints what the checks of tokens cost, in microseconds of processor time of the Node process for each request:
 * `node test/tools/compare-token-checks.ts [concurrency]`. It uses DATABASE_URL, or the embedded PostgreSQL. Requests are injected, so that the
 * figures contain no network; those of a real request are higher by the same amount.
 */
const requests = 4000
const concurrency = Number(process.argv[2] ?? 100)
const rounds = 12

const dataDir = await mkdtemp(path.join(tmpdir(), 'cheershare-token-checks-'))
const env = { DATABASE_URL: process.env['DATABASE_URL'], DATA_DIR: dataDir, LOG_LEVEL: 'silent', JWT_TTL_SECONDS: '900' }
const instance = await buildInstance({ config: loadConfig(env) })
const stateless = await buildInstance({ config: loadConfig({ ...env, DATABASE_URL: env.DATABASE_URL ?? instance.pg.pool.options.connectionString, JWT_STATELESS: 'on' }) })
const { token } = await signUp(instance)
const jwt = await getJwt(instance, token)

type Target = typeof instance
const get = (app: Target, bearer: string) => async () => (await app.inject({ url: '/protected', headers: { authorization: `Bearer ${bearer}` } })).statusCode
const cases: Array<[string, () => Promise<number>]> = [
  ['no token (401)', async () => (await instance.inject({ url: '/protected' })).statusCode],
  ['token of a session, looked up', get(instance, token)],
  ['JWT, session looked up', get(instance, jwt)],
  ['JWT, JWT_STATELESS=on', get(stateless, jwt)],
  ['POST /token', async () => (await instance.inject(exchangeRequest(token, { audience: instance.accessTokens.issuer }))).statusCode]
]

async function measure (send: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage()
  let started = 0
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (started++ < requests) await send()
  }))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}

// The rounds of all cases alternate, so that another load of the machine affects all; the fastest round of each counts.
const fastest = new Map<string, number>()
for (let round = 0; round < rounds; round++) {
  for (const [name, send] of cases) fastest.set(name, Math.min(fastest.get(name) ?? Infinity, await measure(send)))
}
for (const [name, send] of cases) process.stdout.write(`${name.padEnd(32)} ${await send()}  ${Number(fastest.get(name)).toFixed(0)} µs\n`)
await stateless.close()
await instance.close()
await rm(dataDir, { recursive: true, force: true })

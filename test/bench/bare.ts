import { randomBytes, randomInt } from 'node:crypto'
import { Agent, request } from 'node:http'
import Fastify from 'fastify'
import { Redis, type Result } from 'ioredis'
import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import pg from 'pg'
import { viewColumns } from '../../db/creatives.ts'
import { SignupBody, VerifyBody } from '../../src/schemas/login.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    record (key: string, code: string): Result<string, Context>
    redeem (key: string, code: string): Result<number, Context>
  }
}

/**
 * The ceiling that the service is compared with: a Fastify server with the same requests and the least work. /protected only
 * answers; /signup checks the body, stores a code by one Redis script and posts it to the carrier before it answers; /verify compares
 * the code by one script, and stores user and token by one statement; /scheduled asks PostgreSQL once, by an index; /jwt/sign and
 * /jwt/verify sign and verify one JWT.
 */
const { PORT, REDIS_URL, DATABASE_URL, CARRIER_URL } = process.env
const server = Fastify({ ajv: { customOptions: { formats: { 'language-tag': true } } } })

const answer = { type: 'object', properties: { data: { type: 'string' } } }
server.get('/protected', { schema: { response: { 200: answer } } }, async () => ({ data: 'Protected' }))

const { privateKey, publicKey } = await generateKeyPair('ES256')
server.get('/jwt/sign', async () => await new SignJWT({ sub: '1', sid: '1' }).setProtectedHeader({ alg: 'ES256' }).setExpirationTime('1h').sign(privateKey))
server.get('/jwt/verify', async ({ headers: { authorization = '' } }) => (await jwtVerify(authorization.slice('Bearer '.length), publicKey)).payload)

const redis = new Redis(REDIS_URL ?? '')
redis.defineCommand('record', { numberOfKeys: 1, lua: "return redis.call('SET', KEYS[1], ARGV[1], 'EX', 300)" })
redis.defineCommand('redeem', {
  numberOfKeys: 1, lua: "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end redis.call('DEL', KEYS[1]) return 1"
})

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const postOnce = async (body: string) => await new Promise<void>((resolve, reject) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  request(CARRIER_URL ?? '', { agent, method: 'POST', headers }, (response) => { response.on('end', resolve).on('error', reject).resume() })
    .on('error', reject).end(body)
})
server.post<{ Body: { phone_number: string } }>('/signup', { schema: { body: SignupBody, response: { 200: answer } } }, async ({ body }) => {
  const code = String(randomInt(100_000, 1_000_000))
  await redis.record(`bare:${body.phone_number}`, code)
  await postOnce(new URLSearchParams({ To: body.phone_number, Body: `Your code is ${code}` }).toString())
  return { data: 'sent' }
})

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 16 })
await pool.query(`create table if not exists bare_users (id bigint generated always as identity primary key, phone text unique, name text);
  create table if not exists bare_tokens (hash bytea primary key, user_id bigint references bare_users, expiry timestamptz)`)
const registration = {
  name: 'register',
  text: `with registered as (insert into bare_users (phone, name) values ($1, 'Asha') on conflict (phone) do update set name = 'Asha' returning id)
    insert into bare_tokens (hash, user_id, expiry) select $2, id, now() + interval '1 day' from registered`
}
server.post<{ Body: { phone_number: string, otp: string } }>('/verify', { schema: { body: VerifyBody } }, async ({ body }, reply) => {
  const { phone_number: phone, otp } = body
  if (await redis.redeem(`bare:${phone}`, otp) === 0) return await reply.code(401).send({ error: 'wrong code' })
  const token = randomBytes(16)
  await pool.query({ ...registration, values: [phone, token] })
  return { data: 'verified', token: token.toString('hex') }
})

const columns = viewColumns.filter((name) => name !== 'sha256').join()
const due = {
  name: 'due',
  text: `select ${columns} from creatives where scheduled_at >= $1 and scheduled_at <= $2 and deleted_at is null order by scheduled_at, id desc limit 200`
}
server.get<{ Querystring: { from: string, to: string } }>('/scheduled', async ({ query }) => (await pool.query({
  ...due, values: [query.from, query.to]
})).rows)

await server.listen({ host: '127.0.0.1', port: Number(PORT) })

import type { Test } from 'tap'
import { createRedisOtpStore } from '../../../../plugins/auth/otp-store/redis.ts'
import { createNumber } from '../../../contracts/otp-store/number.ts'
import { connect } from '../../../contracts/otp-store/redis-store.ts'

export type Client = Awaited<ReturnType<typeof connect>>

/** Creates a number in a Redis store, and returns it with the keys of its records. */
export async function setUp (t: Test) {
  const client = await connect(t)
  const store = createRedisOtpStore(client)
  const number = createNumber(store)
  const { tag } = number.key
  return { client, store, number, phoneKey: `otp:{${tag}}:phone`, challengeKey: `otp:{${tag}}:login`, usedKey: `otp:{${tag}}:login:used` }
}

export async function readFields (client: Client, key: string): Promise<Record<string, unknown>> {
  return JSON.parse(await client.get(key) ?? '{}')
}

/** Sets a field to a value in JSON notation, or removes it if the value is undefined. */
export async function edit (client: Client, key: string, field: string, json: string | undefined): Promise<void> {
  const { [field]: _before, ...others } = await readFields(client, key)
  const text = JSON.stringify(others)
  await client.set(key, json === undefined ? text : `${text.slice(0, -1)},${JSON.stringify(field)}:${json}}`, 'KEEPTTL')
}

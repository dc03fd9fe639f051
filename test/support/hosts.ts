import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { createEnvironment, createPhone } from './helper.ts'
import { until } from './polling.ts'

/** Creates the settings of a plugin that is mounted at a path: a separate, migrated database, no logs and no limits. */
export async function createSettings (t: Test, path: string, overrides: Record<string, string | undefined> = {}) {
  return await createEnvironment(t, { DATABASE_SCHEMA: 'public', PUBLIC_URL: `http://127.0.0.1${path}`, ...overrides })
}

export interface HostLogin { authorization: string, userId: number }

/** Signs a user up through the routes of a plugin that is mounted at a path of a host. */
export async function signUpAt (host: FastifyInstance, path: string, name = 'Asha'): Promise<HostLogin> {
  const phone = createPhone()
  const post = async (url: string, payload: object) => await host.inject({ method: 'POST', url: `${path}${url}`, payload } as InjectOptions)
  await post('/signup', { name, phone_number: phone })
  const inbox = async () => (await host.inject(`${path}/dev/inbox.json?to=${encodeURIComponent(phone)}`)).body
  await until(`an SMS to ${phone} arrives`, async () => /code is \d+/.test(await inbox()))
  const otp = /code is (\d+)/.exec(await inbox())?.[1]
  const { token, data } = (await post('/verify', { phone_number: phone, otp })).json<{ token: string, data: { id: number } }>()
  return { authorization: `Bearer ${token}`, userId: data.id }
}

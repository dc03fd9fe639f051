import type { FastifyInstance } from 'fastify'
import { postJson, readCode, type Session } from './helper.ts'

type Method = 'GET' | 'POST' | 'DELETE'

export async function requestAs (
  app: FastifyInstance, { authorization }: { authorization: string }, method: Method, url: string, payload?: object
) {
  const response = await app.inject({ method, url, headers: { authorization }, ...(payload === undefined ? {} : { payload }) })
  return { status: response.statusCode, body: response.json() }
}

/** Requests a code for the change to a number. */
export async function requestChange (app: FastifyInstance, session: Session, phone: string) {
  return await requestAs(app, session, 'POST', '/me/phone-number', { phone_number: phone })
}

export async function confirmChange (app: FastifyInstance, session: Session, otp: string, takeOver?: boolean) {
  return await requestAs(app, session, 'POST', '/me/phone-number/verify', { otp, take_over: takeOver })
}

/** Logs in to an existing account. */
export async function logIn (app: FastifyInstance, phone: string): Promise<Session> {
  const count = (app.carrier?.messages({ to: phone }) ?? []).length
  await postJson(app, '/login', { phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone, count + 1) })
  const { token, data, device_token: deviceToken } = body as { token: string, data: { id: number }, device_token: string }
  return { token, userId: data.id, phone, authorization: `Bearer ${token}`, deviceToken }
}

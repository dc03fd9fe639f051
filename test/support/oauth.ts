import type { FastifyInstance, InjectOptions } from 'fastify'
import type { JsonReply } from './helper.ts'

const type = 'application/x-www-form-urlencoded'

/** Posts a form. The body of the result is empty if that of the reply is. */
export async function postForm (
  app: FastifyInstance, url: string, fields: Record<string, string>, headers: NonNullable<InjectOptions['headers']> = {}
): Promise<JsonReply> {
  const payload = new URLSearchParams(fields).toString()
  const response = await app.inject({ method: 'POST', url, payload, headers: { 'content-type': type, ...headers } })
  return { status: response.statusCode, body: response.body === '' ? {} : response.json(), headers: response.headers }
}

/** Basic credentials, encoded as OAuth wants them (RFC 6749, §2.3.1). */
export function basicCredentials (name: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(name)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

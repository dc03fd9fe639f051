import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

export interface Account {
  /** `AC` and 32 hexadecimal digits */
  readonly accountSid: string
  readonly authToken: string
  /** An API key that is accepted beside the auth token, which alone signs callbacks. */
  readonly apiKey?: ApiKey | undefined
  /** The number that a messaging service picks, E.164. */
  readonly sender: string
}

export interface ApiKey {
  /** `SK` and 32 hexadecimal digits */
  readonly sid: string
  readonly secret: string
}

/**
 * Creates a function that checks HTTP Basic authentication: the account's SID and auth token, or the SID and secret of its API key.
 * The scheme may be in any case.
 */
export function credentialCheck ({ accountSid, authToken, apiKey }: Account): (request: Pick<FastifyRequest, 'headers'>) => boolean {
  const pairs = [`${accountSid}:${authToken}`, ...(apiKey === undefined ? [] : [`${apiKey.sid}:${apiKey.secret}`])]
  const accepted = pairs.map((pair) => Buffer.from(`Basic ${Buffer.from(pair).toString('base64')}`))
  return ({ headers }) => {
    const given = Buffer.from((headers.authorization ?? '').replace(/^basic +/i, 'Basic '))
    return accepted.some((expected) => given.length === expected.length && timingSafeEqual(given, expected))
  }
}

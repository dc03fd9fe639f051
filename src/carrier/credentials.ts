import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

export interface Account {
  /** `AC` and 32 hexadecimal digits */
  readonly accountSid: string
  readonly authToken: string
  /** The number that a messaging service picks, E.164. */
  readonly sender: string
}

/** Creates a function that checks the account's SID and auth token in HTTP Basic authentication. */
export function credentialCheck ({ accountSid, authToken }: Account): (request: Pick<FastifyRequest, 'headers'>) => boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`)
  return ({ headers }) => {
    const given = Buffer.from(headers.authorization ?? '')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
}

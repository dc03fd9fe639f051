import type { FastifyRequest } from 'fastify'

/** Where a request comes from, as far as it says. */
export interface Client {
  address: string | undefined
  userAgent: string | undefined
}

export function clientOf ({ ip, headers }: FastifyRequest): Client {
  return { address: ip, userAgent: headers['user-agent'] }
}

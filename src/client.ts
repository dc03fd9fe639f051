import type { FastifyRequest } from 'fastify'

/** Who sends a request, as far as it says: what limits, sessions and known devices must know. */
export interface Client {
  address: string | undefined
  userAgent: string | undefined
  /** Told by an earlier login of this client; anything else is as if there were none. */
  deviceToken: string | undefined
}

export function clientOf ({ ip, headers, body }: FastifyRequest<{ Body: { device_token?: string } }>): Client {
  return { address: ip, userAgent: headers['user-agent'], deviceToken: body.device_token }
}

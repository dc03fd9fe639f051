import type { FastifyRequest } from 'fastify'

/** Who sends a request, as far as limits, sessions and known devices must know. */
export function clientOf (request: FastifyRequest<{ Body: { device_token?: string } }>) {
  return { address: request.ip, userAgent: request.headers['user-agent'], deviceToken: request.body.device_token }
}

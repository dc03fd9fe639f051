import type { FastifyPluginAsync } from 'fastify'
import { keyCacheControl, serverMetadata } from '../http/server-metadata.ts'
import { parseSettings, type Settings } from './settings.ts'

/**
 * A plugin for the root of the host: `app.register(wellKnown, { config })`. RFC 8414, §3.1, puts the metadata of an issuer with a path
 * at `/.well-known/oauth-authorization-server` and that path, which is outside the prefix of the service.
 */
export const wellKnown: FastifyPluginAsync<{ config: Settings }> = async (host, { config: settings }) => {
  const { baseUrl } = parseSettings(settings).http
  const metadata = serverMetadata(baseUrl)
  const path = new URL(baseUrl).pathname.replace(/\/$/, '')
  host.get(`/.well-known/oauth-authorization-server${path}`, { schema: { hide: true } }, async (_request, reply) =>
    await reply.header('cache-control', keyCacheControl).type('application/json').send(JSON.stringify(metadata)))
}

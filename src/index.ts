import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { createGuards } from './embedding/guards.ts'
import { mount } from './embedding/plugin.ts'
import { assertMounted, parseSettings, type Settings } from './embedding/settings.ts'
import { StartError } from './process/retry-until.ts'

export { ConfigError } from './config/index.ts'
export { serverOptions, type HostOptions } from './embedding/server-options.ts'
export { wellKnown } from './embedding/well-known.ts'
export type { Settings } from './embedding/settings.ts'
export type { Cheershare, Guard, UserAccount, UserSession } from './embedding/types.ts'

export interface CheershareOptions {
  /** Path of the service in the app, such as `/auth`. PUBLIC_URL must end with it. */
  prefix?: string
  config: Settings
}

/**
 * The whole service as a plugin: `app.register(cheershare, { prefix: '/auth', config })`. It decorates `fastify.cheershare`, and
 * changes nothing else of the app. Errors of the registration: `ConfigError`, and `StartError` when a dependency cannot be reached.
 */
const plugin: FastifyPluginAsync<CheershareOptions> = async (host, { prefix = '', config: settings }) => {
  const config = parseSettings(settings)
  assertMounted(host.prefix + prefix, config)
  if (Object.hasOwn(host, 'cheershare')) {
    throw new StartError('fastify.cheershare exists already: register the plugin a second time in a scope of its own')
  }
  host.decorate('cheershare', createGuards(await mount(host, prefix, { config })))
}

export const cheershare = fp(plugin, { name: 'cheershare', fastify: '5.x' })

export default cheershare

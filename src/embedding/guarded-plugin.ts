import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Part } from '../app.ts'
import { StartError } from '../process/retry-until.ts'
import { createGuards } from './guards.ts'
import { mount } from './plugin.ts'
import { assertMounted, parseSettings, type Settings } from './settings.ts'

export interface CheershareOptions {
  /** Path of the service in the app, such as `/auth`. PUBLIC_URL must end with it. */
  prefix?: string
  config: Settings
}

/** Creates a plugin that mounts the service, or its login alone, and decorates `fastify.cheershare` with its guards. */
export function createGuardedPlugin (role: 'service' | 'auth', part?: Part): FastifyPluginAsync<CheershareOptions> {
  const plugin: FastifyPluginAsync<CheershareOptions> = async (host, { prefix = '', config: settings }) => {
    const config = parseSettings(settings, role)
    assertMounted(host.prefix + prefix, config)
    if (Object.hasOwn(host, 'cheershare')) {
      throw new StartError('fastify.cheershare exists already: register the plugin a second time in a scope of its own')
    }
    host.decorate('cheershare', createGuards(await mount(host, prefix, { config, ...part === undefined ? {} : { part } })))
  }
  return fp(plugin, { name: 'cheershare', fastify: '5.x' })
}

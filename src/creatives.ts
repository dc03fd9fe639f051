import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Part } from './app.ts'
import { ConfigError } from './config/index.ts'
import { createHostUsers, type UserOf } from './embedding/host-users.ts'
import { mount } from './embedding/plugin.ts'
import { assertMounted, parseSettings, type Settings } from './embedding/settings.ts'

export { ConfigError } from './config/index.ts'
export type { HostUser, UserOf } from './embedding/host-users.ts'
export { serverOptions, type HostOptions } from './embedding/server-options.ts'
export type { Settings } from './embedding/settings.ts'

export interface CreativesOptions {
  /** Path of the creatives in the app, such as `/pictures`. PUBLIC_URL must end with it. */
  prefix?: string
  config: Settings
  userOf: UserOf
}

const creativesPart: Omit<Part, 'replacements'> = {
  hasPlugin: (file) => /^(creatives|http)\/|^maintenance\/(scrub|sweep)|^platform\/(?!redis)/.test(file),
  hasRoute: (file) => /^(calendar\.ics|creatives|health|me\/calendar-feed|metrics|scheduled|upload-creative)\//.test(file)
}

/**
 * Uploads and calendar as a plugin, without a login: `app.register(creatives, { prefix: '/pictures', config, userOf })`. It decorates
 * nothing, and needs neither Redis nor a provider of SMS.
 */
const plugin: FastifyPluginAsync<CreativesOptions> = async (host, { prefix = '', config: settings, userOf }) => {
  const config = parseSettings(settings, 'creatives')
  assertMounted(host.prefix + prefix, config)
  if (typeof userOf !== 'function') throw new ConfigError(['The option `userOf` is missing: a function that returns the user of a request'])
  await mount(host, prefix, { config, part: { ...creativesPart, replacements: [createHostUsers(userOf)] } })
}

export const creatives = fp(plugin, { name: 'cheershare-creatives', fastify: '5.x' })

export default creatives

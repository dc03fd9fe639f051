import fp from 'fastify-plugin'
import type { Part } from './app.ts'
import { createGuardedPlugin } from './embedding/guarded-plugin.ts'

export { ConfigError } from './config/index.ts'
export type { CheershareOptions } from './embedding/guarded-plugin.ts'
export { serverOptions, type HostOptions } from './embedding/server-options.ts'
export { wellKnown } from './embedding/well-known.ts'
export type { Settings } from './embedding/settings.ts'
export type { Cheershare, Guard, UserAccount, UserSession } from './embedding/types.ts'

/** Deleted accounts have no images here. Those of `cheershare/creatives` on the same database are removed by its sweep. */
const noImages = fp(async (fastify) => {
  fastify.decorate<object, string>('imageQuota', { deleteDiscarded: async () => {} })
}, { name: 'image-quota', fastify: '5.x' })

const authPart: Part = {
  hasPlugin: (file) => !/^(creatives\/|maintenance\/(scrub|sweep)|platform\/blob-store)/.test(file),
  hasRoute: (file) => !/^(calendar\.ics|creatives|scheduled|upload-creative|me\/calendar-feed)\//.test(file),
  replacements: [noImages]
}

/** Login, sessions, tokens and guards as a plugin, without images: `app.register(auth, { prefix: '/auth', config })`. It needs no storage. */
export const auth = createGuardedPlugin('auth', authPart)

export default auth

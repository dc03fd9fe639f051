import { createGuardedPlugin } from './embedding/guarded-plugin.ts'

export { ConfigError } from './config/index.ts'
export type { CheershareOptions } from './embedding/guarded-plugin.ts'
export { serverOptions, type HostOptions } from './embedding/server-options.ts'
export { wellKnown } from './embedding/well-known.ts'
export type { Settings } from './embedding/settings.ts'
export type { Cheershare, Guard, UserAccount, UserSession } from './embedding/types.ts'

/**
 * The whole service as a plugin: `app.register(cheershare, { prefix: '/auth', config })`. It decorates `fastify.cheershare`, and
 * changes nothing else of the app. Errors of the registration: `ConfigError`, and `StartError` when a dependency cannot be reached.
 */
export const cheershare = createGuardedPlugin('service')

export default cheershare

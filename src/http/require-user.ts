import type { FastifyPluginAsync } from 'fastify'

/** The autohooks of folders whose routes are for signed-in users. */
export const signedIn: FastifyPluginAsync = async (fastify) => {
  fastify.addHook('onRequest', fastify.authenticate)
  fastify.addHook('onRequest', fastify.requireUser)
}

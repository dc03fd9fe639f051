import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'

/** Longest form: two tokens and a few names. */
const bodyLimit = 32_768

/** Makes a scope accept forms (`application/x-www-form-urlencoded`) and no JSON. A repeated field becomes a list, which schemas refuse. */
export async function acceptForms (fastify: FastifyInstance): Promise<void> {
  fastify.removeAllContentTypeParsers()
  await fastify.register(formbody, { bodyLimit })
}

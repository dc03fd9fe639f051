import sensible from '@fastify/sensible'
import fp from 'fastify-plugin'

/** Offers `reply.vary`, which adds to what CORS has put there instead of replacing it. */
export default fp(async (fastify) => {
  await fastify.register(sensible)
}, { name: 'sensible', fastify: '5.x' })

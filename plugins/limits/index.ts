import fp from 'fastify-plugin'
declare module 'fastify' {
  interface FastifyInstance { limits: { takeSend (request: { phone: string, address: string | undefined, isReserve?: boolean }): Promise<{ giveBack (): Promise<void> }>, takeVerify (address: string | undefined): Promise<void> } }
}
export default fp(async (fastify) => {
  fastify.decorate('limits', { takeSend: async () => ({ giveBack: async () => {} }), takeVerify: async () => {} })
}, { name: 'limits' })

import fp from 'fastify-plugin'
import { buildCarrier, type Carrier } from '../../src/carrier/index.ts'
import { isLoopback } from '../../src/http/hosts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The emulator, or `null` if a real carrier sends the messages. */
    carrier: Carrier | null
  }
}

/**
 * Starts the carrier emulator if a selected provider has no credentials. It is Twilio-compatible and listens on a loopback
 * port of its own, so that the real client sends the SMS. Close stops it.
 */
export default fp(async (fastify) => {
  const { config: { sms, http: { host } }, log } = fastify
  if (!sms.usesEmulator) {
    if (sms.hasInbox === true) log.warn('DEV_INBOX=on has no effect: SMS go to the real carrier')
    fastify.decorate('carrier', null)
    return
  }
  if (!isLoopback(host)) {
    log.warn(`DEV_INBOX=on and HOST=${host}: EVERYONE WHO REACHES THIS ADDRESS CAN READ EVERY CODE AND SIGN IN AS ANYONE`)
  } else if (sms.hasInbox === false) {
    log.warn('SMS go to the carrier emulator, and DEV_INBOX=off hides them')
  }
  const carrier = await buildCarrier({ now: fastify.clock.now })
  fastify.addHook('onClose', carrier.close)
  fastify.decorate('carrier', carrier)
}, { name: 'carrier', fastify: '5.x' })

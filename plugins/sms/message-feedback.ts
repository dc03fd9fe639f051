import fp from 'fastify-plugin'

export interface MessageFeedback {
  /** Tells the carrier, in the background, that the code of this delivery was used. */
  confirm (deliveryId: string): void
}

declare module 'fastify' {
  interface FastifyInstance { messageFeedback: MessageFeedback }
}

/** For the whole call; nobody waits for it but a shutdown. */
const timeoutMs = 2000

/**
 * Offers `messageFeedback`: with TWILIO_MESSAGE_FEEDBACK=on codes that were used are reported to Twilio, which learns from
 * it which of its routes deliver. What fails is not tried again: it is of use to nobody here. Close awaits what is under way.
 * @see https://www.twilio.com/docs/messaging/api/message-feedback-resource
 */
export default fp(async (fastify) => {
  const { config, carrier, deliveries, log } = fastify
  const isOn = config.TWILIO_MESSAGE_FEEDBACK === 'on'
  const accountSid = carrier?.accountSid ?? config.TWILIO_SID
  const credentials = Buffer.from(`${accountSid}:${carrier?.authToken ?? config.TWILIO_API_KEY}`).toString('base64')
  const server = (carrier?.url ?? config.TWILIO_API_BASE_URL ?? 'https://api.twilio.com').replace(/\/+$/, '')
  const underWay = new Set<Promise<void>>()

  async function report (deliveryId: string): Promise<void> {
    const record = await deliveries.find(deliveryId)
    if (record?.provider !== 'twilio' || record.messageId === undefined) return
    const response = await fetch(`${server}/2010-04-01/Accounts/${accountSid}/Messages/${encodeURIComponent(record.messageId)}/Feedback.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ Outcome: 'confirmed' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs)
    })
    await response.text()
    log.debug({ messageId: record.messageId, status: response.status }, 'message feedback reported')
  }

  fastify.decorate('messageFeedback', {
    confirm (deliveryId) {
      if (!isOn) return
      const job = report(deliveryId)
        .catch((error: unknown) => log.debug({ err: error }, 'message feedback failed'))
        .finally(() => underWay.delete(job))
      underWay.add(job)
    }
  })
  fastify.addHook('onClose', async () => { await Promise.all(underWay) })
}, { name: 'message-feedback', dependencies: ['carrier', 'deliveries'], fastify: '5.x' })

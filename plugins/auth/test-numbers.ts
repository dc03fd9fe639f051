import fp from 'fastify-plugin'
import type { E164 } from '../../src/domain/auth/phone.ts'
import { testProvider, type TestNumber } from '../../src/domain/auth/test-numbers.ts'

export interface TestNumbers {
  /** The number's fixed code, until its last day is over. */
  find (phone: E164): TestNumber | undefined
  /** Whether the code of a delivery was a fixed one, sent to a test number. */
  isTestDelivery (delivery: { provider?: string | undefined }): boolean
}

declare module 'fastify' {
  interface FastifyInstance { testNumbers: TestNumbers }
}

/** Offers `testNumbers`, from OTP_TEST_NUMBERS. */
export default fp(async (fastify) => {
  const { config: { auth: { testNumbers } }, clock } = fastify
  fastify.decorate('testNumbers', {
    find (phone) {
      const number = testNumbers.get(phone)
      return number !== undefined && clock.now() < number.endsAt ? number : undefined
    },
    isTestDelivery: ({ provider }) => provider === testProvider
  })
}, { name: 'test-numbers', fastify: '5.x' })

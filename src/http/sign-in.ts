import type { Static } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SignedInReply } from '../schemas/login.ts'
import { getClient } from './client.ts'
import { signedInReply } from './serializers.ts'

type Request = FastifyRequest<{ Body: { device_token?: string, locale?: string, session?: 'token' | 'cookie' } }>
type Answer = Parameters<FastifyInstance['phoneLogin']['signIn']>[0]

/**
 * Creates the common end of `/verify` and `/signup`: it verifies the code, and returns the token in the reply or in a cookie. What a cookie
 * needs is checked first, so that a refused request does not use the code up.
 */
export function createSignIn ({ phoneLogin, sessionCookie, rowClock }: FastifyInstance) {
  return async (answer: Answer, request: Request, reply: FastifyReply): Promise<Static<typeof SignedInReply>> => {
    const isCookie = request.body.session === 'cookie'
    if (isCookie) {
      sessionCookie.requireSecureAddress()
      sessionCookie.requireOwnOrigin(request)
    }
    const { token, ...signedIn } = await phoneLogin.signIn(answer, getClient(request))
    if (isCookie) sessionCookie.set(reply, token, signedIn.finalExpiry.getTime(), rowClock.now())
    return signedInReply({ ...signedIn, token: isCookie ? undefined : token })
  }
}

import type { FastifyReply } from 'fastify'

/** An error as Twilio words it. */
export interface TwilioProblem { status: number, code: number, message: string }

/** Codes from Twilio's error dictionary. */
export const problems = {
  authenticate: { status: 401, code: 20003, message: 'Authenticate' },
  notFound: { status: 404, code: 20404, message: 'The requested resource was not found' },
  badRecipient: { status: 400, code: 21211, message: "The 'To' number is not a valid phone number" },
  noBody: { status: 400, code: 21602, message: 'Message body is required' },
  noSender: { status: 400, code: 21603, message: "A 'From' phone number is required" },
  noRecipient: { status: 400, code: 21604, message: "A 'To' phone number is required" },
  longBody: { status: 400, code: 21617, message: 'The message body exceeds the 1600 character limit' }
} as const satisfies Record<string, TwilioProblem>

export function refuse (reply: FastifyReply, { status, code, message }: TwilioProblem): FastifyReply {
  return reply.code(status).send({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
}

import type { FastifyReply } from 'fastify'

/** An error in Twilio's format. */
export interface TwilioProblem { status: number, code: number, message: string }

/** Codes from Twilio's error dictionary, https://www.twilio.com/docs/api/errors. */
export const problems = {
  authenticate: { status: 401, code: 20003, message: 'Authenticate' },
  badParameter: { status: 400, code: 20001, message: 'A parameter has an invalid value' },
  notFound: { status: 404, code: 20404, message: 'The requested resource was not found' },
  badRecipient: { status: 400, code: 21211, message: "The 'To' number is not a valid phone number" },
  badSender: { status: 400, code: 21212, message: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID" },
  closedRegion: {
    status: 400, code: 21408, message: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"
  },
  noBody: { status: 400, code: 21602, message: 'Message body is required' },
  noSender: { status: 400, code: 21603, message: "A 'From' phone number is required" },
  noRecipient: { status: 400, code: 21604, message: "A 'To' phone number is required" },
  foreignSender: {
    status: 400, code: 21606, message: "The 'From' phone number provided is not a valid, message-capable Twilio phone number"
  },
  badCallback: { status: 400, code: 21609, message: "The 'StatusCallback' URL is not a valid URL" },
  unsubscribed: { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' },
  fullQueue: { status: 429, code: 21611, message: "This 'From' number has exceeded the maximum number of queued messages" },
  noRoute: { status: 400, code: 21612, message: "The message cannot be sent with the current combination of 'To' and 'From' parameters" },
  notOnChannel: { status: 400, code: 63003, message: "Channel could not find the 'To' address" },
  noChannel: { status: 400, code: 63007, message: 'Twilio could not find a Channel with the specified From address' },
  notMobile: { status: 400, code: 21614, message: "The 'To' number is not a valid mobile number" },
  longBody: { status: 400, code: 21617, message: 'The message body exceeds the 1600 character limit' },
  badValidity: { status: 400, code: 21624, message: "The 'ValidityPeriod' is not an integer from 1 to 36000" },
  badContent: { status: 400, code: 21654, message: 'The ContentSid is invalid' },
  badVariables: { status: 400, code: 21656, message: 'The ContentVariables parameter is invalid' },
  badService: { status: 400, code: 21705, message: "The 'MessagingServiceSid' is invalid" }
} as const satisfies Record<string, TwilioProblem>

/** Senders of Twilio's test credentials, https://www.twilio.com/docs/iam/test-credentials; +15005550006 works. */
export const magicSenders: ReadonlyMap<string, TwilioProblem> = new Map<string, TwilioProblem>([
  ['+15005550001', problems.badSender],
  ['+15005550007', problems.foreignSender],
  ['+15005550008', problems.fullQueue]
])

/** Recipients of Twilio's test credentials, from the same page; every other valid number accepts messages. */
export const magicRecipients: ReadonlyMap<string, TwilioProblem> = new Map<string, TwilioProblem>([
  ['+15005550001', problems.badRecipient],
  ['+15005550002', problems.noRoute],
  ['+15005550003', problems.closedRegion],
  ['+15005550004', problems.unsubscribed],
  ['+15005550009', problems.notMobile],
  // An addition of the emulator: a mobile number that is not on WhatsApp.
  ['whatsapp:+919800063003', problems.notOnChannel]
])

/** Recipients whose messages fail by receipt, with the error code of the receipt: a mobile number that WhatsApp does not reach. */
export const magicFailures: ReadonlyMap<string, number> = new Map([['whatsapp:+919800063024', 63024]])

export function refuse (reply: FastifyReply, { status, code, message }: TwilioProblem): FastifyReply {
  return reply.code(status).send({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { chooseSentenceLanguage, errorSentence, type SentenceLanguage } from '../domain/sentences/index.ts'
import type { ErrorCode } from './errors.ts'

/**
 * Chooses the language of the sentence in a reply by `Accept-Language`, and tells it in `Content-Language`. `code` is that of an error:
 * sentences for developers are English only. The language of an account is that of its SMS, and does not matter here.
 */
export function tellLanguage ({ headers }: Pick<FastifyRequest, 'headers'>, reply: FastifyReply, code?: ErrorCode): SentenceLanguage {
  const chosen = chooseSentenceLanguage(headers['accept-language'])
  const language = code === undefined || errorSentence(chosen, code) !== undefined ? chosen : 'en'
  reply.header('content-language', language).vary('Accept-Language')
  return language
}

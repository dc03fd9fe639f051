import type { FastifyReply } from 'fastify'
import type { AnswerFault } from './faults.ts'
import { refuse } from './problems.ts'

export interface AnswerOptions {
  fault: AnswerFault | undefined
  /** The accepted message; `undefined` if the fault accepts none. */
  resource: object | undefined
  pause (milliseconds: number): Promise<void>
}

/** Returns whether the emulator accepts a message to which this fault applies. */
export function acceptsMessage (fault: AnswerFault | undefined): boolean {
  if (fault === undefined) return true
  return 'accept' in fault ? fault.accept : fault.kind !== 'refuse'
}

/** Replies to a message, with the fault if one applies. */
export async function answer (reply: FastifyReply, { fault, resource, pause }: AnswerOptions): Promise<FastifyReply> {
  switch (fault?.kind) {
    case 'refuse':
      if (fault.retry_after_seconds !== undefined) reply.header('retry-after', fault.retry_after_seconds)
      return refuse(reply, { status: fault.status, code: fault.code, message: 'A fault rule refuses this message' })
    case 'hang':
      // The connection stays open until one side closes it.
      return reply.hijack()
    case 'cut':
      return cut(reply, resource)
    case 'html':
      return reply.code(fault.status).type('text/html; charset=utf-8').send(page)
    case 'delay':
      await pause(fault.ms)
  }
  return reply.code(201).send(resource)
}

const page = '<!doctype html><title>Not the carrier</title><p>This page comes from a proxy.</p>\n'

/** Closes the connection after half of the reply, whose headers state its full length, or without a byte if no message was accepted. */
function cut (reply: FastifyReply, resource: object | undefined): FastifyReply {
  reply.hijack()
  if (resource === undefined) reply.raw.destroy()
  else {
    const text = Buffer.from(JSON.stringify(resource))
    reply.raw.writeHead(201, { 'content-type': 'application/json', 'content-length': text.length })
    reply.raw.write(text.subarray(0, text.length / 2), () => reply.raw.destroy())
  }
  return reply
}

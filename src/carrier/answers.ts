import type { FastifyReply } from 'fastify'
import type { AnswerFault } from './faults.ts'
import { refuse } from './problems.ts'

export interface AnswerOptions {
  fault: AnswerFault | undefined
  /** The message as it was taken; unset where the fault takes none. */
  resource: object | undefined
  pause (milliseconds: number): Promise<void>
}

/** Whether a message that meets this fault is taken. */
export function takes (fault: AnswerFault | undefined): boolean {
  if (fault === undefined) return true
  return 'accept' in fault ? fault.accept : fault.kind !== 'refuse'
}

/** Answers a message, well or as badly as told. */
export async function answer (reply: FastifyReply, { fault, resource, pause }: AnswerOptions): Promise<FastifyReply> {
  switch (fault?.kind) {
    case 'refuse':
      if (fault.retry_after_seconds !== undefined) reply.header('retry-after', fault.retry_after_seconds)
      return refuse(reply, { status: fault.status, code: fault.code, message: 'The emulator was told to refuse' })
    case 'hang':
      // The connection stays open until a side gives up.
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

const page = '<!doctype html><title>Not the carrier</title><p>A proxy in between has something to say.</p>\n'

/** Promises the whole answer and sends half of it; without one, not a byte. */
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

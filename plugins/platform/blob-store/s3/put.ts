import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3'
import type { BlobFile } from '../contract.ts'
import type { Call } from './attempts.ts'
import { wholeBody } from '../whole-body.ts'

/** Longest wait for the next bytes of the local file. */
const idleMs = 5000

/** Name of the metadata entry that detects a truncated response. */
export const byteCountName = 'byte-count'

export interface PutTarget {
  Bucket: string
  Key: string
  /** `*` refuses to replace an object. */
  IfNoneMatch?: string
}

/** Sends a file in one attempt, which reads it again. The server checks the body against the signed length and hash. */
export async function sendFile (client: S3Client, file: BlobFile, target: PutTarget, call: Call): Promise<void> {
  const attempt = new AbortController()
  const body = Readable.from(readFile(file, call), { objectMode: false })
  // Without this, the request would hang if the body ends early.
  body.on('error', call.fail)
  try {
    await client.send(putCommand(file, { ...target, Body: body }), { abortSignal: AbortSignal.any([call.signal, attempt.signal]) })
  } catch (error) {
    // A refusal may arrive before the whole file is sent; the connection cannot be reused then.
    attempt.abort()
    throw error
  } finally {
    body.destroy()
  }
}

function putCommand (file: BlobFile, input: PutObjectCommandInput): PutObjectCommand {
  const sha256 = file.sha256.toString('hex')
  const metadata = { sha256, [byteCountName]: String(file.byteCount) }
  const command = new PutObjectCommand({ ...input, ContentLength: file.byteCount, ContentType: file.contentType, Metadata: metadata })
  command.middlewareStack.add((next) => async (args) => {
    const { headers } = args.request as { headers: Record<string, string> }
    headers['x-amz-content-sha256'] = sha256
    return await next(args)
  }, { step: 'build', name: 'signPayloadHash' })
  return command
}

async function * readFile ({ path, byteCount }: BlobFile, { progress }: Call): AsyncGenerator<Buffer> {
  for await (const chunk of wholeBody(createReadStream(path), { byteCount, idleMs }) as AsyncIterable<Buffer>) {
    progress()
    yield chunk
  }
}

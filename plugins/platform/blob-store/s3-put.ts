import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3'
import type { BlobFile } from './contract.ts'
import type { Call } from './s3-attempts.ts'
import { wholeBody } from './whole-body.ts'

/** Of reading the file that is sent. */
const idleMs = 5000

/** Of the metadata; it shows an object that is answered short. */
export const byteCountName = 'byte-count'

export interface PutTarget {
  Bucket: string
  Key: string
  /** `*` refuses to replace an object. */
  IfNoneMatch?: string
}

/** One attempt to send a file, read anew. The server checks what arrived against its length and its hash, which are signed. */
export async function sendFile (client: S3Client, file: BlobFile, target: PutTarget, call: Call): Promise<void> {
  const attempt = new AbortController()
  const body = Readable.from(readFile(file, call), { objectMode: false })
  // A body that ends early would leave the request waiting.
  body.on('error', call.fail)
  try {
    await client.send(putCommand(file, { ...target, Body: body }), { abortSignal: AbortSignal.any([call.signal, attempt.signal]) })
  } catch (error) {
    // A refusal can come before the whole file went out; the connection is of no more use then.
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

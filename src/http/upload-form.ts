import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeForeign, maximumImageBytes, sniffImage } from '../domain/creatives/image.ts'
import { ApiError } from './errors.ts'

type Staging = FastifyInstance['staging']
type StagedFile = Awaited<ReturnType<Staging['stage']>>

export interface UploadForm {
  file: StagedFile
  /** By name, as they were written. */
  fields: ReadonlyMap<string, string>
}

/** One file and a few short fields, with room to notice what is too many. bodyLimit does not bound multipart. */
const limits = { files: 2, fields: 6, parts: 8, fieldSize: 4096, fieldNameSize: 100, headerPairs: 20, fileSize: maximumImageBytes }

/** Boundaries, part headers and fields beside the file. */
const overheadBytes = 64 * 1024
const tooLarge = () => new ApiError('CHR_TOO_LARGE', { message: 'The image is larger than 10 MiB.' })

/** For the routes of a folder that take an image: the multipart reader, and a refusal of what states that it is too long before a byte is read. */
export async function takeUploads (fastify: FastifyInstance): Promise<void> {
  const { validatorCompiler: compile } = fastify
  // The schema of a form is for the documentation: the body is a stream, and its parts are checked as they arrive.
  fastify.setValidatorCompiler((part) => part.httpPart !== 'body' && compile !== undefined ? compile(part) : () => true)
  await fastify.register(multipart, { limits })
  fastify.addHook('onRequest', async (request) => {
    if ((statedBytesOf(request) ?? 0) > maximumImageBytes + overheadBytes) throw tooLarge()
  })
}

/** Length of the body, where the client says. */
export function statedBytesOf ({ headers }: FastifyRequest): number | undefined {
  const stated = headers['content-length']
  return stated === undefined ? undefined : Number(stated)
}

/** Aborted when the connection is gone before the answer was sent. */
export function abandonmentOf (reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  const abort = () => { controller.abort(new ApiError('CHR_BAD_REQUEST', { message: 'The client went away.' })) }
  if (reply.raw.destroyed) abort()
  reply.raw.once('close', abort)
  return controller.signal
}

export interface FormReader {
  staging: Staging
  /** Names of the fields that it takes beside the file. */
  knownFields: readonly string[]
  signal: AbortSignal
}

/**
 * Reads the form to its end, in whatever order its parts come, staging the file on the way.
 * On any error nothing is left.
 * @throws {ApiError} CHR_MULTIPART_INVALID, CHR_TOO_LARGE, CHR_IMAGE_TYPE, CHR_MEDIA_TYPE
 */
export async function readUploadForm (request: FastifyRequest, { staging, knownFields, signal }: FormReader): Promise<UploadForm> {
  // The parser would wait for ever for a connection that closed before it began.
  signal.throwIfAborted()
  const fields = new Map<string, string>()
  let file: StagedFile | undefined
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') readField(part, fields, knownFields)
      else if (part.fieldname !== 'file' || file !== undefined) throw invalid('Send exactly one file, in the part named "file".')
      else file = await stage(part, staging)
    }
    if (file === undefined) throw invalid('The part named "file" is missing.')
    return { file, fields }
  } catch (error) {
    // Nobody reads the rest; it is let through unparsed so that the client can read the answer.
    request.raw.unpipe()
    await file?.discard()
    throw explain(error)
  }
}

type FieldPart = Exclude<Multipart, MultipartFile>

function readField ({ fieldname, value, valueTruncated, fieldnameTruncated }: FieldPart, fields: Map<string, string>, knownFields: readonly string[]): void {
  if (fieldname === 'file') throw invalid('The part named "file" is not a file: it has no file name.')
  if (fieldnameTruncated || !knownFields.includes(fieldname)) {
    throw invalid(`The form has an unknown field; it takes ${['file', ...knownFields].map((name) => `"${name}"`).join(', ')}.`)
  }
  if (typeof value !== 'string' || valueTruncated) throw invalid(`The field "${fieldname}" is too long, or is not text.`)
  if (fields.has(fieldname)) throw invalid(`The field "${fieldname}" comes twice.`)
  fields.set(fieldname, value)
}

async function stage (part: MultipartFile, staging: Staging): Promise<StagedFile> {
  // Without this the rest of a file that is too large would be read to its end.
  part.file.once('limit', () => part.file.destroy(tooLarge()))
  const file = await staging.stage(part.file, { maximumBytes: maximumImageBytes, onHead: checkType })
  if (!part.file.truncated) return file
  await file.discard()
  throw tooLarge()
}

function checkType (head: Buffer): void {
  if (sniffImage(head) !== undefined) return
  if (head.length === 0) throw new ApiError('CHR_IMAGE_TYPE', { message: 'The file is empty. Send JPEG, PNG or GIF.' })
  const foreign = describeForeign(head)
  throw new ApiError('CHR_IMAGE_TYPE', foreign === undefined ? {} : { message: `This is ${foreign}. Send JPEG, PNG or GIF.` })
}

function invalid (message: string): ApiError {
  return new ApiError('CHR_MULTIPART_INVALID', { message })
}

/** The parser reports what the client did wrong as plain errors; what the service did wrong is an ApiError already. */
function explain (error: unknown): unknown {
  if (error instanceof ApiError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') return error
  return new ApiError('CHR_MULTIPART_INVALID', { cause: error })
}

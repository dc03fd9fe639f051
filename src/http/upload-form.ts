import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { explainForeign } from '../domain/creatives/foreign-format.ts'
import { formatNames, sniffImage } from '../domain/creatives/image.ts'
import { formatBytes } from '../domain/creatives/quota.ts'
import { ApiError } from './errors.ts'
import { invalid, isJsonField, isPartAFile, limits, misplacedFile, readField, readJson } from './form-fields.ts'

type Staging = FastifyInstance['staging']
type StagedFile = Awaited<ReturnType<Staging['stage']>>

export interface UploadForm {
  file: StagedFile
  /** Field values as the client sent them, by name. */
  fields: ReadonlyMap<string, string>
}

/** Room for boundaries, part headers and fields beside the file. */
const overheadBytes = 64 * 1024

function tooLarge (maximumBytes: number): ApiError {
  return new ApiError('CHR_TOO_LARGE', { message: `The image is larger than ${formatBytes(maximumBytes)}.` })
}

/**
 * Prepares the routes of a folder for uploads: registers the multipart reader, lets bodies arrive slowly, and refuses a
 * request whose stated length is too large before its body is read.
 */
export async function acceptUploads (fastify: FastifyInstance): Promise<void> {
  const { validatorCompiler: compile, staging: { maximumBytes }, slowBodies } = fastify
  // The schema of a form only documents it: the body is a stream, and its parts are checked as they arrive.
  fastify.setValidatorCompiler((part) => part.httpPart !== 'body' && compile !== undefined ? compile(part) : () => true)
  await fastify.register(multipart, { limits: { ...limits, fileSize: maximumBytes } })
  fastify.addHook('onRequest', async (request) => {
    if ((getStatedBytes(request) ?? 0) > maximumBytes + overheadBytes) throw tooLarge(maximumBytes)
    slowBodies.allow(request.raw)
  })
}

/** Returns the length of the body, if the client stated it. */
export function getStatedBytes ({ headers }: FastifyRequest): number | undefined {
  const stated = headers['content-length']
  return stated === undefined ? undefined : Number(stated)
}

/** Returns a signal that aborts when the client disconnects before the response was sent. */
export function signalDisconnect (reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  const abort = () => { controller.abort(new ApiError('CHR_BAD_REQUEST', { message: 'The client disconnected.' })) }
  if (reply.raw.destroyed) abort()
  reply.raw.once('close', abort)
  return controller.signal
}

export interface FormReader {
  staging: Staging
  /** Names of the allowed fields beside the file. */
  knownFields: readonly string[]
  signal: AbortSignal
}

/**
 * Reads the whole form, with its parts in any order, and stages the file. After an error no file is left.
 * @throws {ApiError} CHR_MULTIPART_INVALID, CHR_VALIDATION, CHR_TOO_LARGE, CHR_IMAGE_TYPE, CHR_MEDIA_TYPE
 */
export async function readUploadForm (request: FastifyRequest, { staging, knownFields, signal }: FormReader): Promise<UploadForm> {
  // The parser would wait forever for a connection that has closed before it starts.
  signal.throwIfAborted()
  const fields = new Map<string, string>()
  let file: StagedFile | undefined
  let isBegun = false
  try {
    if (request.isMultipart() && !hasBoundary.test(String(request.headers['content-type']))) {
      throw invalid(`The Content-Type header has no boundary. ${boundaryAdvice}`)
    }
    for await (const part of request.parts({ isPartAFile })) {
      isBegun = true
      if (part.type === 'field') readField(part, fields, knownFields)
      else if (isJsonField(part)) readField(await readJson(part), fields, knownFields)
      else if (part.fieldname !== 'file') throw misplacedFile(part.fieldname, knownFields)
      else if (file !== undefined) throw invalid('Send exactly one file, in the part named "file".')
      else file = await stage(part, staging)
    }
    if (file === undefined) throw invalid('The part named "file" is missing.')
    return { file, fields }
  } catch (error) {
    // The rest of the body is drained unparsed, so that the client can read the response.
    request.raw.unpipe()
    await file?.discard()
    throw toApiError(error, isBegun)
  }
}

const hasBoundary = /;\s*boundary=(?:"[^"]+"|[^\s";]+)/i
const boundaryAdvice = 'Do not set this header yourself: the HTTP client sets it, with the boundary, when it sends a form.'

async function stage (part: MultipartFile, staging: Staging): Promise<StagedFile> {
  // Without this, a file that is too large would be read to its end.
  part.file.once('limit', () => part.file.destroy(tooLarge(staging.maximumBytes)))
  const file = await staging.stage(part.file, checkType)
  if (!part.file.truncated) return file
  await file.discard()
  throw tooLarge(staging.maximumBytes)
}

function checkType (head: Buffer): void {
  if (sniffImage(head) !== undefined) return
  if (head.length === 0) throw new ApiError('CHR_IMAGE_TYPE', { message: `The file is empty. Send ${formatNames}.` })
  const message = explainForeign(head)
  throw new ApiError('CHR_IMAGE_TYPE', message === undefined ? {} : { message })
}

/** The parser reports malformed requests as plain errors; errors of the service are ApiErrors already. */
function toApiError (error: unknown, isBegun: boolean): unknown {
  if (error instanceof ApiError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') return error
  if (isBegun) return new ApiError('CHR_MULTIPART_INVALID', { cause: error })
  return invalid(`The body has no part with the boundary of the Content-Type header. ${boundaryAdvice}`)
}

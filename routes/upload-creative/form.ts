import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { describeForeign, maximumImageBytes, sniffImage, type ImageType } from '../../src/domain/image.ts'
import { ApiError } from '../../src/errors.ts'

type Storage = FastifyInstance['creativeStorage']
type StagedFile = Awaited<ReturnType<Storage['stage']>>

export interface UploadForm {
  file: StagedFile
  contentType: ImageType
  scheduledAt: string
  timeZone: string | undefined
}

/** One file and two short fields, with room to notice what is too many. bodyLimit does not bound multipart. */
export const uploadLimits = { files: 2, fields: 4, parts: 6, fieldSize: 64, fieldNameSize: 100, headerPairs: 20 }

/** Boundaries, part headers and fields beside the file. */
const overheadBytes = 64 * 1024
const knownFields = new Set(['scheduled_at', 'tz'])
const tooLarge = () => new ApiError('CHR_TOO_LARGE', { message: 'The image is larger than 10 MiB.' })

/** Hook: what states its length and is too long is refused before a byte is read. */
export async function refuseLongBody (request: FastifyRequest): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > maximumImageBytes + overheadBytes) throw tooLarge()
}

/**
 * Reads the form to its end, in whatever order its parts come, staging the file on the way.
 * On any error nothing is left.
 * @throws {ApiError} CHR_MULTIPART_INVALID, CHR_VALIDATION, CHR_TOO_LARGE, CHR_IMAGE_TYPE, CHR_MEDIA_TYPE
 */
export async function readUploadForm (request: FastifyRequest, storage: Storage): Promise<UploadForm> {
  const fields = new Map<string, string>()
  let file: StagedFile | undefined
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') readField(part, fields)
      else if (part.fieldname !== 'file' || file !== undefined) throw invalid('Send exactly one file, in the part named "file".')
      else file = await stage(part, storage)
    }
    if (file === undefined) throw invalid('The part named "file" is missing, or is not a file.')
    const scheduledAt = fields.get('scheduled_at')
    if (scheduledAt === undefined) throw invalid('The field "scheduled_at" is missing.')
    return { file, contentType: typeOf(file.head), scheduledAt, timeZone: fields.get('tz') || undefined }
  } catch (error) {
    await file?.discard()
    // Nobody reads the rest; it is let through unparsed so that the client can read the answer.
    request.raw.unpipe()
    throw explain(error)
  }
}

function readField ({ fieldname, value, valueTruncated, fieldnameTruncated }: Exclude<Multipart, MultipartFile>, fields: Map<string, string>): void {
  if (fieldnameTruncated || !knownFields.has(fieldname)) throw invalid('The form has an unknown field; it takes "file", "scheduled_at" and "tz".')
  if (typeof value !== 'string' || valueTruncated) throw invalid(`The field "${fieldname}" is too long, or is not text.`)
  if (fields.has(fieldname)) throw invalid(`The field "${fieldname}" comes twice.`)
  fields.set(fieldname, value)
}

async function stage (part: MultipartFile, storage: Storage): Promise<StagedFile> {
  // Without this the rest of a file that is too large would be read to its end.
  part.file.once('limit', () => part.file.destroy(tooLarge()))
  const file = await storage.stage(part.file, { onHead: typeOf })
  if (!part.file.truncated) return file
  await file.discard()
  throw tooLarge()
}

function typeOf (head: Buffer): ImageType {
  const type = sniffImage(head)
  if (type !== undefined) return type
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

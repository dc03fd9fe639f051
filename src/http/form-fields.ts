import type { Multipart, MultipartFile } from '@fastify/multipart'
import { uploadFields } from '../schemas/creatives.ts'
import { ApiError } from './errors.ts'
import { isIgnoredField } from './ignored-fields.ts'
import { fieldError } from './parsers.ts'

/** Room for the fields that upload widgets add. */
const maximumIgnored = 24
const maximumFieldBytes = 4096
/** Slightly more than a form needs, so that the service itself reports surplus parts. `bodyLimit` does not bound multipart. */
const maximumFields = uploadFields.length + 2 + maximumIgnored
export const limits = {
  // Fields that are labelled as JSON count as files, because the service reads them itself.
  files: maximumFields + 2,
  fields: maximumFields,
  parts: maximumFields + 2,
  fieldSize: maximumFieldBytes,
  fieldNameSize: 100,
  headerPairs: 20
}

/** Whether a part is read as a stream. React Native on iOS sends images without a file name; other parts without one are fields, whatever their type. */
export function isPartAFile (name: string | undefined, type: string | undefined, fileName: string | undefined): boolean {
  if (fileName !== undefined || type === jsonType) return true
  return name === 'file' && type !== undefined && (type.startsWith('image/') || type === 'application/octet-stream')
}

const jsonType = 'application/json'

/** The multipart reader would parse these fields too, but does not tell which one is malformed. */
export function isJsonField ({ filename, mimetype }: MultipartFile): boolean {
  return mimetype === jsonType && (filename as string | undefined) === undefined
}

type FieldPart = Pick<Exclude<Multipart, MultipartFile>, 'fieldname' | 'value' | 'valueTruncated' | 'fieldnameTruncated'>

/** Reads a field that is labelled as JSON. A string in quotes and a number count as their text. */
export async function readJson ({ fieldname, file }: MultipartFile): Promise<FieldPart> {
  const text = await readText(file)
  if (text === undefined) throw invalid(`The field ${quote(fieldname)} is too long, or is not text.`)
  try {
    const value: unknown = JSON.parse(text)
    return { fieldname, fieldnameTruncated: false, value: typeof value === 'number' ? String(value) : value, valueTruncated: false }
  } catch {
    throw invalid(`The field ${quote(fieldname)} is labelled as ${jsonType}, but it is not JSON. Send it as plain text, or in quotes.`)
  }
}

/** Returns `undefined` if the text is too long. */
async function readText (source: AsyncIterable<Buffer>): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let byteCount = 0
  for await (const chunk of source) {
    byteCount += chunk.length
    if (byteCount > maximumFieldBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Creates the error about a file in a part that is not named "file". */
export function misplacedFile (name: string, knownFields: readonly string[]): ApiError {
  return invalid(knownFields.includes(name)
    ? `The field "${name}" is sent as a file, with a file name or as a Blob. Send its value as text.`
    : `The part ${quote(name)} is a file. Send exactly one file, in the part named "file".`)
}

/** Quotes a name that a client chose. */
const quote = (name: string) => JSON.stringify(name.slice(0, limits.fieldNameSize))

/**
 * Adds a field of the form to `fields`, unless it is one that the service ignores.
 * @throws {ApiError} CHR_MULTIPART_INVALID, CHR_VALIDATION
 */
export function readField (
  { fieldname, value, valueTruncated, fieldnameTruncated }: FieldPart, fields: Map<string, string>, knownFields: readonly string[]
): void {
  // FilePond sends the metadata of a file as an object under the same name.
  if (fieldname === 'file' && (typeof value !== 'string' || /^\s*\{.*\}\s*$/s.test(value))) return
  if (fieldname === 'file') throw invalid('The part named "file" is not a file: it has no file name and no image type.')
  if (!fieldnameTruncated && !knownFields.includes(fieldname) && isIgnoredField(fieldname)) return
  if (fieldnameTruncated || !knownFields.includes(fieldname)) {
    throw invalid(`The form has an unknown field; the known ones are ${['file', ...knownFields].map((name) => `"${name}"`).join(', ')}.`)
  }
  if (typeof value !== 'string' || valueTruncated) throw invalid(`The field "${fieldname}" is too long, or is not text.`)
  if (value.includes('\ufffd')) throw fieldError(fieldname, 'is not valid UTF-8. Send the form in UTF-8, or state the charset of the part')
  if (fields.has(fieldname)) throw invalid(`The field "${fieldname}" is sent twice.`)
  fields.set(fieldname, value)
}

/** Creates an error about the form. */
export function invalid (message: string): ApiError {
  return new ApiError('CHR_MULTIPART_INVALID', { message })
}

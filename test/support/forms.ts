import type { FastifyInstance } from 'fastify'
import { dateIn, dayAfter } from '../../src/domain/creatives/schedule.ts'
import { images } from '../fixtures/images.ts'
import type { JsonReply } from './helper.ts'

export interface Part {
  name: string
  value: string | Buffer
  /** Turns the part into a file. */
  filename?: string
  type?: string
}

export const boundary = 'cheershare-boundary'

export const today = () => dateIn('UTC', new Date())
export const tomorrow = () => dayAfter(today())
/** A date that is still in the future after a test has advanced its clock by hours, or midnight has passed. */
export const nextWeek = () => dateIn('UTC', new Date(Date.now() + 7 * 86_400_000))

/** Writes a multipart body with its parts in this order. */
export function formOf (parts: readonly Part[]): Buffer {
  const chunks = parts.flatMap(({ name, value, filename, type }) => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n` +
      `${type === undefined ? '' : `content-type: ${type}\r\n`}\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n')
  ])
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
}

export const formType = `multipart/form-data; boundary=${boundary}`

/** Returns the parts of an upload: an image and its date. */
export function creativeForm ({ file = images.png, filename = 'a.png', date = nextWeek(), tz, ...others }: {
  file?: Buffer, filename?: string, date?: string, tz?: string, title?: string, alt_text?: string
} = {}): Part[] {
  return [
    { name: 'scheduled_at', value: date },
    ...(tz === undefined ? [] : [{ name: 'tz', value: tz }]),
    ...Object.entries(others).map(([name, value]) => ({ name, value })),
    { name: 'file', value: file, filename, type: 'application/octet-stream' }
  ]
}

/** The token of an uploading user, and further headers. */
export interface Uploader {
  authorization: string
  headers?: Record<string, string>
}

async function send (
  app: FastifyInstance, request: { method: 'POST' | 'PUT', url: string, payload: Buffer }, { authorization, headers }: Uploader
): Promise<JsonReply> {
  const response = await app.inject({ ...request, headers: { authorization, 'content-type': formType, ...headers } })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

export async function upload (app: FastifyInstance, uploader: Uploader, parts = creativeForm()): Promise<JsonReply> {
  return await send(app, { method: 'POST', url: '/upload-creative', payload: formOf(parts) }, uploader)
}

/** Replaces the image of a creative. */
export async function replace (
  app: FastifyInstance, uploader: Uploader, { id, parts = imageForm() }: { id: number, parts?: Part[] }
): Promise<JsonReply> {
  return await send(app, { method: 'PUT', url: `/creatives/${id}/image`, payload: formOf(parts) }, uploader)
}

export function imageForm (file = images.jpeg): Part[] {
  return [{ name: 'file', value: file, filename: 'b.jpg', type: 'application/octet-stream' }]
}

export interface UploadedCreative {
  id: number
  creative_url: string
  scheduled_at: string | null
  title: string | null
  alt_text: string | null
  version: number
  created_at: string
  content_type: string
  byte_count: number
  duplicate_of: number | null
}

/** Uploads a valid creative. */
export async function createCreative (app: FastifyInstance, uploader: Uploader, parts?: Part[]): Promise<UploadedCreative> {
  const { status, body } = await upload(app, uploader, parts)
  if (status !== 200) throw new Error(`upload failed: ${JSON.stringify(body)}`)
  return (body as { creative: UploadedCreative }).creative
}

/** Returns path and query of a URL. */
export function pathOf (url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

import type { FastifyInstance } from 'fastify'
import { dateIn, dayAfter } from '../src/domain/schedule.ts'
import { images } from './fixtures/images.ts'
import type { JsonReply, Session } from './helper.ts'

export interface Part {
  name: string
  value: string | Buffer
  /** Makes it a file. */
  filename?: string
  type?: string
}

export const boundary = 'cheershare-boundary'

export const today = () => dateIn('UTC', new Date())
export const tomorrow = () => dayAfter(today())

/** A multipart body, in the order given. */
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

/** An image and the day it is for, as a client sends them. */
export function creativeForm ({ file = images.png, filename = 'a.png', date = today(), tz }: {
  file?: Buffer, filename?: string, date?: string, tz?: string
} = {}): Part[] {
  return [
    { name: 'scheduled_at', value: date },
    ...(tz === undefined ? [] : [{ name: 'tz', value: tz }]),
    { name: 'file', value: file, filename, type: 'application/octet-stream' }
  ]
}

export async function upload (app: FastifyInstance, { authorization }: Pick<Session, 'authorization'>, parts = creativeForm()): Promise<JsonReply> {
  const headers = { authorization, 'content-type': formType }
  const response = await app.inject({ method: 'POST', url: '/upload-creative', headers, payload: formOf(parts) })
  return { status: response.statusCode, body: response.json(), headers: response.headers }
}

export interface UploadedCreative {
  id: number
  creative_url: string
  scheduled_at: string
  created_at: string
  content_type: string
  byte_count: number
}

/** Uploads what is sure to be taken. */
export async function createCreative (app: FastifyInstance, session: Pick<Session, 'authorization'>, parts?: Part[]): Promise<UploadedCreative> {
  const { status, body } = await upload(app, session, parts)
  if (status !== 200) throw new Error(`upload failed: ${JSON.stringify(body)}`)
  return (body as { creative: UploadedCreative }).creative
}

/** Path and query of a URL that the service handed out. */
export function pathOf (url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

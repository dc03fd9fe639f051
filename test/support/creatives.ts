import { createHash, randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { variants, type Variant } from '../../src/domain/creatives/image.ts'
import { creativeRow } from '../db/creative-row.ts'
import { images } from '../fixtures/images.ts'

export interface CreativeSeed {
  ownerId: number
  /** `null` for a draft. */
  date?: string | null
  title?: string | null
  altText?: string | null
  original?: Buffer
  contentType?: string
}

export interface SeededCreative {
  id: number
  /** Storage key of its image. */
  key: string
  bytes: Record<Variant, Buffer>
}

/** Stores a creative in the database and its image in storage, as an upload would. */
export async function seedCreative (
  app: FastifyInstance,
  { ownerId, date = '2030-01-10', title = null, altText = null, original = images.png, contentType = 'image/png' }: CreativeSeed
): Promise<SeededCreative> {
  const key = randomBytes(16).toString('hex')
  const bytes = { original, preview: Buffer.from(`the preview of ${key}`), thumbnail: Buffer.from(`thumbnail of ${key}`) }
  const blobs = await storeImage(app, key, bytes)
  await app.db.insertInto('images').values({
    key, user_id: ownerId, state: 'ready', quota_bytes: original.length, blobs: JSON.stringify(blobs)
  }).execute()
  const sha256 = digestOf(original)
  const row = creativeRow({
    userId: ownerId,
    creative_url: key,
    scheduled_at: date,
    title,
    alt_text: altText,
    content_type: contentType,
    byte_count: original.length,
    sha256,
    source_sha256: sha256
  })
  const { id } = await app.db.insertInto('creatives').values(row).returning('id').executeTakeFirstOrThrow()
  return { id, key, bytes }
}

async function storeImage (app: FastifyInstance, key: string, bytes: SeededCreative['bytes']) {
  const stored = await Promise.all(variants.map(async (variant) => {
    const file = path.join(app.blobs.stagingFolder, `${key}.${variant}`)
    await writeFile(file, bytes[variant])
    const { length: byteCount } = bytes[variant]
    const sha256 = digestOf(bytes[variant])
    await app.blobs.put(`${key}.${variant}`, { path: file, byteCount, sha256, contentType: 'image/png' })
    await rm(file)
    return [variant, { byte_count: byteCount, sha256: sha256.toString('hex') }] as const
  }))
  return Object.fromEntries(stored)
}

function digestOf (bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Sends a request with the token of a session. */
export async function ask (
  app: FastifyInstance,
  { authorization }: { authorization: string },
  url: string,
  options: { method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE', headers?: Record<string, string>, payload?: object } = {}
) {
  const { method = 'GET', headers = {}, ...rest } = options
  return await app.inject({ method, url, headers: { authorization, ...headers }, ...rest })
}

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'

/** All data that requests can leave behind: rows, files (staged ones too), keys and SMS. */
export interface Traces {
  users: number
  tokens: number
  creatives: number
  /** States of the image reservations. */
  images: string[]
  /** Sum over all users. */
  usedBytes: number
  creativesOfTheDay: number
  idempotencyKeys: number
  files: string[]
  keys: string[]
  messages: number
}

const counts = `
  select (select count(*) from users) as users, (select count(*) from tokens) as tokens, (select count(*) from creatives) as creatives,
    (select count(*) from idempotency_keys) as keys, (select coalesce(sum(byte_count), 0) from usages) as bytes,
    (select coalesce(sum(creative_count), 0) from usages) as day, array(select state from images order by state) as images`

export async function tracesOf (app: FastifyInstance): Promise<Traces> {
  const { rows: [found] } = await app.pg.pool.query(counts)
  const {
    users, tokens, creatives, keys, bytes, day
  } = found as Record<'users' | 'tokens' | 'creatives' | 'keys' | 'bytes' | 'day', string>
  return {
    users: Number(users),
    tokens: Number(tokens),
    creatives: Number(creatives),
    images: (found as { images: string[] }).images,
    usedBytes: Number(bytes),
    creativesOfTheDay: Number(day),
    idempotencyKeys: Number(keys),
    files: await storedFiles(app),
    keys: app.redis === undefined ? [] : (await app.redis.keys('*')).sort(),
    messages: app.carrier?.messages().length ?? 0
  }
}

/** Returns the names of all files below the uploads folder. */
export async function storedFiles (app: FastifyInstance): Promise<string[]> {
  const entries = await readdir(path.join(app.config.process.dataDir, 'uploads'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name).sort()
}

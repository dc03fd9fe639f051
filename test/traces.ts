import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'

/** All that requests can leave behind: rows, files (staged ones too), keys and SMS. */
export interface Traces {
  users: number
  tokens: number
  creatives: number
  files: string[]
  keys: string[]
  messages: number
}

export async function tracesOf (app: FastifyInstance): Promise<Traces> {
  const { rows: [counts] } = await app.pg.pool.query(
    'select (select count(*) from users) as users, (select count(*) from tokens) as tokens, (select count(*) from creatives) as creatives')
  const { users, tokens, creatives } = counts as Record<'users' | 'tokens' | 'creatives', string>
  return {
    users: Number(users),
    tokens: Number(tokens),
    creatives: Number(creatives),
    files: await storedFiles(app),
    keys: app.redis === undefined ? [] : (await app.redis.keys('*')).sort(),
    messages: app.carrier?.messages().length ?? 0
  }
}

/** Names of all files under the uploads folder. */
export async function storedFiles (app: FastifyInstance): Promise<string[]> {
  const entries = await readdir(path.join(app.config.DATA_DIR, 'uploads'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name).sort()
}

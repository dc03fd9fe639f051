import path from 'node:path'
import type { Test } from 'tap'
import { createDatabase, serviceUrl } from './databases.ts'
import { shortDeadlines } from './helper.ts'
import { createProxy, type Proxy } from './proxy.ts'

/** A dependency that is reached over a wire which the test can cut, and the variable that names it. */
export interface Wire {
  proxy: Proxy
  env: Record<string, string>
}

/** `url` leads to the same database past the wire. */
export async function wirePostgres (t: Test): Promise<Wire & { url: string }> {
  const url = await createDatabase(t)
  const { pathname, searchParams } = new URL(url)
  const proxy = await createProxy(t, { path: path.join(searchParams.get('host') ?? '', '.s.PGSQL.5432') })
  return { proxy, url, env: { ...shortDeadlines, DATABASE_URL: `postgres://${searchParams.get('user')}@127.0.0.1:${proxy.port}${pathname}` } }
}

export async function wireRedis (t: Test): Promise<Wire> {
  const { hostname, port } = new URL(serviceUrl('TEST_REDIS_URL'))
  const proxy = await createProxy(t, { host: hostname, port: Number(port) })
  return { proxy, env: { ...shortDeadlines, REDIS_URL: `redis://127.0.0.1:${proxy.port}` } }
}

import path from 'node:path'
import type { Test } from 'tap'
import { createDatabase, serviceUrl } from './databases.ts'
import { shortDeadlines } from './helper.ts'
import { createProxy, type Proxy } from './proxy.ts'

/** A proxy to a dependency, whose connections the test can freeze or cut, and the environment that uses it. */
export interface ConnectionSpy {
  proxy: Proxy
  env: Record<string, string>
}

/** Creates a database behind a proxy; `url` leads to it without the proxy. */
export async function spyOnPostgres (t: Test): Promise<ConnectionSpy & { url: string }> {
  const url = await createDatabase(t)
  const { pathname, searchParams } = new URL(url)
  const proxy = await createProxy(t, { path: path.join(searchParams.get('host') ?? '', '.s.PGSQL.5432') })
  return {
    proxy,
    url,
    env: {
      ...shortDeadlines, DATABASE_URL: `postgres://${searchParams.get('user')}@127.0.0.1:${proxy.port}${pathname}`
    }
  }
}

export async function spyOnRedis (t: Test): Promise<ConnectionSpy> {
  const { hostname, port } = new URL(serviceUrl('TEST_REDIS_URL'))
  const proxy = await createProxy(t, { host: hostname, port: Number(port) })
  return { proxy, env: { ...shortDeadlines, REDIS_URL: `redis://127.0.0.1:${proxy.port}` } }
}

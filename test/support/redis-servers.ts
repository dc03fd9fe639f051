import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis, type Cluster } from 'ioredis'
import type { Test } from 'tap'
import { until } from './polling.ts'
import { freePort, openRedis } from './services/redis.ts'

/** Ignores the errors of a client, and disconnects it after the test. */
export function hold<Client extends Redis | Cluster> (t: Test, client: Client): Client {
  client.on('error', () => {})
  t.teardown(() => { client.disconnect() })
  return client
}

/** Starts a server with a password for one test. */
export async function openLocked (t: Test, extra: string[] = []) {
  const service = await openRedis({}, extra)
  t.teardown(async () => { await service.stop() })
  const admin = hold(t, new Redis(service.url))
  await admin.config('SET', 'requirepass', 'p@ss, word')
  const urlWith = (password: string) => service.url.replace('//', `//:${encodeURIComponent(password)}@`)
  return { admin, port: new URL(service.url).port, url: service.url, urlWith }
}

/** Starts a Redis Cluster of one node. */
export async function openCluster (t: Test, extra: string[] = []) {
  // The folder is new, because a node adopts the data of another one that it finds.
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-cluster-'))
  t.teardown(async () => { await rm(folder, { recursive: true, force: true }) })
  // The nodes use the port plus 10,000 by default, which may be in use.
  const node = await openLocked(t, ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort()), '--dir', folder, ...extra])
  await node.admin.config('SET', 'cluster-announce-ip', '127.0.0.1')
  await node.admin.config('SET', 'cluster-announce-port', node.port)
  await node.admin.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot))
  await until('the cluster is up', async () => String(await node.admin.cluster('INFO')).includes('cluster_state:ok'))
  return node
}

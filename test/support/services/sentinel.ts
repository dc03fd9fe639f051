import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { until } from '../polling.ts'
import { hold } from '../redis-servers.ts'
import { findOrInstall } from './programs.ts'
import { freePort, openRedis } from './redis.ts'

const sentinelProgram = { names: ['redis-sentinel', 'valkey-sentinel'], debianPackage: 'redis-sentinel' }

export interface SentinelOptions {
  /** Password of the servers. */
  password?: string
  /** Password of the sentinels. */
  sentinelPassword?: string
}

export interface WatchedServers {
  /** `host:port,host:port` of the sentinels. */
  hosts: string
  masterName: string
  master: { port: number, pid: number }
  replica: { port: number, admin: Redis }
}

/** Starts a master, a replica and three sentinels that promote the replica half a second after the master is gone. */
export async function openSentinels (t: Test, { password, sentinelPassword }: SentinelOptions = {}): Promise<WatchedServers> {
  const program = findOrInstall(sentinelProgram)
  const masterName = 'main'

  async function openServer () {
    const service = await openRedis({})
    t.teardown(async () => { await service.stop() })
    const admin = hold(t, new Redis(service.url))
    for (const setting of password === undefined ? [] : ['masterauth', 'requirepass']) await admin.config('SET', setting, String(password))
    return { port: Number(new URL(service.url).port), pid: Number(service.pid), admin }
  }

  async function openSentinel (): Promise<number> {
    const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-sentinel-'))
    const port = await freePort()
    const file = path.join(folder, 'sentinel.conf')
    await writeFile(file, [
      `port ${port}`, 'bind 127.0.0.1', `dir ${folder}`,
      `sentinel monitor ${masterName} 127.0.0.1 ${master.port} 2`,
      `sentinel down-after-milliseconds ${masterName} 500`,
      `sentinel failover-timeout ${masterName} 3000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${masterName} ${password}`]),
      ...(sentinelPassword === undefined ? [] : [`requirepass ${sentinelPassword}`, `sentinel sentinel-pass ${sentinelPassword}`]),
      ''
    ].join('\n'))
    const child = spawn(program, [file], { stdio: 'ignore' })
    t.teardown(async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    })
    return port
  }

  const master = await openServer()
  const replica = await openServer()
  await replica.admin.replicaof('127.0.0.1', master.port)
  await until('the replica is in step', async () => String(await replica.admin.info('replication')).includes('master_link_status:up'))
  const ports = [await openSentinel(), await openSentinel(), await openSentinel()]
  for (const port of ports) {
    const client = hold(t, new Redis({ port, enableReadyCheck: false, ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }) }))
    await until('the sentinel knows the others and the replica', async () => {
      const reply = await client.call('SENTINEL', 'MASTER', masterName).catch(() => []) as string[]
      const valueOf = (field: string) => reply[reply.indexOf(field) + 1]
      return valueOf('num-slaves') === '1' && valueOf('num-other-sentinels') === '2'
    })
  }
  return { hosts: ports.map((port) => `127.0.0.1:${port}`).join(), masterName, master, replica }
}

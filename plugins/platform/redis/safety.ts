import { Cluster, type Redis } from 'ioredis'
import type { FastifyBaseLogger } from 'fastify'
import { StartError } from '../../../src/process/retry-until.ts'

export interface SafetyOptions {
  log: FastifyBaseLogger
  /** Fails the start where keys may be evicted. */
  refusesEviction: boolean
}

/**
 * Checks that the server neither evicts keys nor keeps them in memory alone: live codes, counts of wrong codes and queued SMS would
 * be lost. Logs what it finds.
 * @throws {StartError} if the server may evict keys and `refusesEviction` is set
 */
export async function checkSafety (client: Redis | Cluster, { log, refusesEviction }: SafetyOptions): Promise<void> {
  const servers = client instanceof Cluster ? client.nodes('master') : [client]
  const infos = await Promise.all(servers.map(async (server) => await Promise.all([server.info('memory'), server.info('persistence')])))
    .catch((error: unknown) => { log.info({ err: error }, 'Redis does not permit INFO, so eviction and persistence were not checked') })
  if (infos === undefined) return
  const valuesOf = (field: string) => infos.flatMap((sections) => findField(sections.join('\n'), field) ?? [])
  const policy = valuesOf('maxmemory_policy').find((value) => value !== 'noeviction')
  if (policy !== undefined) {
    const problem = `Redis may delete live codes, limits and queued SMS, because its maxmemory-policy is ${policy}: set it to noeviction`
    if (refusesEviction) throw new StartError(`${problem}, or start with REDIS_ALLOW_EVICTION=on`)
    log.error({ policy }, problem)
  }
  if (valuesOf('aof_enabled').includes('0')) {
    log.warn('Redis has no append-only file, so its restart may lose live codes, limits and queued SMS: set appendonly to yes')
  }
}

function findField (info: string, field: string): string | undefined {
  return new RegExp(`^${field}:(\\w+(?:-\\w+)*)`, 'm').exec(info)?.[1]
}

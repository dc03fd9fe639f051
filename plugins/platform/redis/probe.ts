import { Cluster, type Redis } from 'ioredis'

/** No part of the service creates this key. */
const key = 'otp:{probe}'

/**
 * Asks the server to write, without writing: SET with XX changes nothing where the key is missing, but a replica, a server whose
 * memory is full, and one that lacks replicas refuse it. In a cluster every master must answer.
 */
export async function probe (client: Redis | Cluster): Promise<void> {
  const masters = client instanceof Cluster ? client.nodes('master') : []
  await Promise.all([client.set(key, '', 'PX', 1, 'XX'), ...masters.map(async (master) => await master.ping())])
}

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

/**
 * Replaces a connection that gives no replies, since a new one may reach another server. A cluster client learns of other nodes by
 * itself, and keeps the connections to the nodes that answer.
 */
export function reconnect (client: Redis | Cluster): void {
  if (!client.isCluster) client.disconnect(true)
}

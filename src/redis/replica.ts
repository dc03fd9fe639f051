import type { RedisOptions } from 'ioredis'

/** Time between two reconnections because of an error, so that a replica that stays one is not asked in a loop. */
const reconnectEveryMs = 500

/**
 * Replies of a server that is no master, or no longer one: READONLY and MASTERDOWN of a replica, and UNBLOCKED of a master that
 * becomes a replica while a command waits. Redis 6 puts the error of a script after a dash within the message.
 */
const replicaReply = /(?:^|-)(?:READONLY|MASTERDOWN|UNBLOCKED) /

type Reconnect = NonNullable<RedisOptions['reconnectOnError']>

/**
 * Creates the answer to errors of commands. After a failover a connection may stay with a server that has become a replica, while
 * a new connection reaches the master. The command did not run, so a client either refuses it or sends it again.
 */
export function leaveReplica (command: 'refuse' | 'resend', now: () => number = performance.now.bind(performance)): Reconnect {
  let lastAt = -Infinity
  return ({ message }) => {
    if (!replicaReply.test(message) || now() - lastAt < reconnectEveryMs) return false
    lastAt = now()
    return command === 'resend' ? 2 : 1
  }
}

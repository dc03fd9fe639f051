import type { Cluster, Redis } from 'ioredis'

/** Beginnings of the keys of this service, each with a key that no part of it uses. */
const keys = {
  otp: ['otp:*', 'otp:{rights}'],
  limit: ['limit:*', 'limit:rights'],
  delivery: ['delivery:*', 'delivery:{rights}'],
  provider: ['sms:stopped:*', 'sms:stopped:rights'],
  queue: ['{sms-*', '{sms-rights}:jobs']
} as const

const otp = keys.otp[1]
const queue = keys.queue[1]

/** The SHA-1 of no script, so that the command fails without running one. */
const noScript = '0'.repeat(40)

/** Every command of the service and of its scripts, with arguments that change nothing where the key is missing. */
const harmlessCommands: ReadonlyArray<readonly [command: string, ...args: string[]]> = [
  ['PING'], ['TIME'], ['EVALSHA', noScript, '1', otp], ['EVAL', 'return 1', '1', otp],
  ...Object.values(keys).map(([, key]) => ['GET', key] as const),
  ['SET', otp, '', 'PX', '1', 'XX'], ['DEL', otp], ['EXISTS', otp], ['PTTL', otp], ['PEXPIRE', otp, '1'], ['INCRBY', otp, 'none'],
  ['HGET', otp, 'field'], ['HLEN', otp], ['HDEL', otp, 'field'], ['HINCRBY', otp, 'field', 'none'],
  ['XADD', queue, 'NOMKSTREAM', '*', 'field', ''], ['XLEN', queue], ['XRANGE', queue, '-', '+', 'COUNT', '1'], ['XDEL', queue, '0-1'],
  ['XREADGROUP', 'GROUP', 'rights', 'rights', 'COUNT', '1', 'STREAMS', queue, '>'], ['XACK', queue, 'rights', '0-1'],
  ['XPENDING', queue, 'rights'], ['XCLAIM', queue, 'rights', 'rights', '0', '0-1'], ['XGROUP', 'CREATE', queue, 'rights', '0'],
  ['XGROUP', 'DELCONSUMER', queue, 'rights', 'rights'], ['XINFO', 'CONSUMERS', queue, 'rights'],
  ['ZADD', queue, 'XX', '0', ''], ['ZREM', queue, ''], ['ZCARD', queue], ['ZRANGE', queue, '0', '0'],
  ['ZRANGEBYSCORE', queue, '0', '0'], ['ZPOPMIN', queue], ['LRANGE', queue, '0', '0'], ['LREM', queue, '0', ''], ['RPOP', queue]
]

/**
 * Finds the rights that the user of this connection lacks (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/),
 * as rules of ACL SETUSER, such as `+xadd` and `~otp:*`. Asking changes nothing.
 */
export async function findMissingRights (client: Redis | Cluster): Promise<string[]> {
  const missing = await Promise.all(harmlessCommands.map(async ([command, ...args]) => {
    const refusal = await client.call(command, ...args).then(() => '', (error: Error) => error.message)
    if (!refusal.startsWith('NOPERM')) return undefined
    if (!/\bkeys?\b/.test(refusal)) return `+${toRule(command, args)}`
    return Object.values(keys).find(([, key]) => args.includes(key))?.map((text) => `~${text}`)[0]
  }))
  return [...new Set(missing.filter((rule) => rule !== undefined))]
}

/** The subcommands of XGROUP and XINFO are rights of their own. */
function toRule (command: string, [subcommand = '']: string[]): string {
  const name = command.toLowerCase()
  return name === 'xgroup' || name === 'xinfo' ? `${name}|${subcommand.toLowerCase()}` : name
}

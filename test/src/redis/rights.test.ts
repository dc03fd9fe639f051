import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { findMissingRights } from '../../../src/redis/rights.ts'
import { serviceUrl } from '../../support/databases.ts'
import { hold } from '../../support/redis-servers.ts'

const admin = hold(t, new Redis(serviceUrl('TEST_REDIS_URL')))

/** Connects as a user with these rules of ACL SETUSER. */
async function connectAs (t: Test, ...rules: string[]): Promise<Redis> {
  const user = `rights-${randomBytes(6).toString('hex')}`
  await admin.acl('SETUSER', user, 'on', '>secret', ...rules)
  t.teardown(async () => { await admin.acl('DELUSER', user) })
  const url = new URL(serviceUrl('TEST_REDIS_URL'))
  return hold(t, new Redis({ host: url.hostname, port: Number(url.port), username: user, password: 'secret', enableReadyCheck: false }))
}

const documentedKeys = ['~otp:*', '~limit:*', '~delivery:*', '~sms:stopped:*', '~{sms-*']

t.test('the missing rights of a user are named as rules of ACL SETUSER', async (t) => {
  const users: Array<[rules: string[], missing: string[]]> = [
    [['~*', '+@all'], []],
    [['~*', '&*', '+@all', '-@dangerous'], []],
    [[...documentedKeys, '+@all', '-@dangerous', '-@admin'], []],
    [['~*', '+@all', '-eval', '-evalsha'], ['+evalsha', '+eval']],
    [['~*', '+@all', '-xadd'], ['+xadd']],
    [['~*', '+@all', '-xgroup'], ['+xgroup|create', '+xgroup|delconsumer']],
    [['~*', '+@all', '-xinfo', '+xinfo|stream'], ['+xinfo|consumers']],
    [['~cheershare:*', '+@all'], documentedKeys],
    [['~otp:*', '~limit:*', '~delivery:*', '~sms:stopped:*', '+@all'], ['~{sms-*']]
  ]
  for (const [rules, missing] of users) {
    t.strictSame((await findMissingRights(await connectAs(t, ...rules))).sort(), [...missing].sort(), rules.join(' '))
  }
})

t.test('the rights that are named suffice, and asking for them changes nothing', async (t) => {
  const rights = await findMissingRights(await connectAs(t))
  t.strictSame(rights.filter((rule) => rule.startsWith('~')), [], 'a user without commands is told the commands first')
  const withCommands = await connectAs(t, ...rights)
  t.strictSame((await findMissingRights(withCommands)).sort(), [...documentedKeys].sort())
  t.strictSame(await findMissingRights(await connectAs(t, ...rights, ...documentedKeys)), [])
  for (const key of ['otp:{rights}', 'limit:rights', 'delivery:{rights}', 'sms:stopped:rights', '{sms-rights}:jobs']) {
    t.equal(await admin.exists(key), 0, key)
  }
})

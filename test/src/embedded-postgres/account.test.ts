import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { canEnter, canRun, chooseAccount } from '../../../src/embedded-postgres/account.ts'
import { findBinaries } from '../../../src/embedded-postgres/binaries.ts'

type AccountModule = typeof import('../../../src/embedded-postgres/account.ts')

/** Runs the choice for this user on a machine with these accounts. */
async function chooseWith (t: Test, { uid, passwd }: { uid: number | undefined, passwd: string }) {
  t.intercept(process, 'getuid', { value: uid === undefined ? undefined : () => uid })
  const module = await t.mockImport<AccountModule>('../../../src/embedded-postgres/account.ts', {
    'node:fs': { ...fs, readFileSync: () => passwd }
  })
  return module.chooseAccount
}

const root = 'root:x:0:0:root:/root:/bin/bash\n'
const nobody = 'nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n'
const postgres = 'postgres:x:101:104::/var/lib/postgresql:/bin/bash\n'

t.test('root runs the server as nobody, else as postgres; other users run it as themselves', async (t) => {
  t.same((await chooseWith(t, { uid: 0, passwd: root + postgres + nobody }))(), { uid: 65534, gid: 65533 })
  t.same((await chooseWith(t, { uid: 0, passwd: root + postgres }))(), { uid: 101, gid: 104 })
  t.equal((await chooseWith(t, { uid: 1000, passwd: root + postgres }))(), undefined)
  t.equal((await chooseWith(t, { uid: undefined, passwd: '' }))(), undefined, 'a system without user numbers')
})

t.test('without either account root gets an error with advice', async (t) => {
  const choose = await chooseWith(t, { uid: 0, passwd: root })
  t.throws(choose, {
    message: /will not run as root, and there is no account named nobody or postgres: start as another user, or set DATABASE_URL/
  })
})

t.test('access to programs and folders is tested as the account', async (t) => {
  const account = chooseAccount() ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const { postgres } = findBinaries()
  t.equal(canRun(postgres, account), true)
  t.equal(canRun(path.join(t.testdir(), 'missing'), account), false)
  t.equal(canEnter('/', account), true)
  t.equal(canEnter(path.join(t.testdir(), 'missing'), account), false)
  t.equal(canEnter(t.testdir({ "a '; b": {} }) + "/a '; b", account), true, 'a folder name cannot inject shell code')
})

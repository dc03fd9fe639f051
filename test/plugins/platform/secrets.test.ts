import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import secrets from '../../../plugins/platform/secrets.ts'
import { compose } from '../../support/compose.ts'
import { createPhone } from '../../support/helper.ts'

const files = ['app-secret', 'phone-hash-secret']

/** Creates a temporary folder, which is removed after the test. */
async function createFolder (t: Test): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-secrets-'))
  t.teardown(async () => { await rm(folder, { recursive: true, force: true }) })
  return folder
}

async function start (t: Test, dataDir: string, env: Record<string, string> = {}) {
  return (await compose(t, [secrets], { env: { DATA_DIR: dataDir, ...env } })).app.secrets
}

t.test('missing secrets are generated once, in files that only the owner can read', async (t) => {
  const dataDir = path.join(await createFolder(t), 'not', 'there', 'yet')
  const first = await start(t, dataDir)
  t.strictSame((await readdir(dataDir)).sort(), files)
  const contents = await Promise.all(files.map(async (name) => await readFile(path.join(dataDir, name), 'utf8')))
  for (const name of files) t.equal((await stat(path.join(dataDir, name))).mode & 0o777, 0o600, name)
  for (const content of contents) t.ok(Buffer.from(content, 'base64url').length >= 32, '256 random bits')
  t.equal(new Set(contents).size, 2)

  const second = await start(t, dataDir)
  t.equal(second.keyring.current.id, first.keyring.current.id)
  t.ok(second.phoneHashKey.equals(first.phoneHashKey))
  t.strictSame(await Promise.all(files.map(async (name) => await readFile(path.join(dataDir, name), 'utf8'))), contents)
  t.notOk((await start(t, await createFolder(t))).phoneHashKey.equals(first.phoneHashKey), 'another installation has other secrets')
})

t.test('concurrent first starts use the same secrets', async (t) => {
  const root = await createFolder(t)
  for (let round = 0; round < 60; round++) {
    const racers = await Promise.all(Array.from({ length: 12 }, async () => await start(t, path.join(root, String(round)))))
    const read = new Set(racers.map(({ keyring, phoneHashKey }) => `${keyring.current.id} ${phoneHashKey.export().toString()}`))
    if (read.size !== 1) t.fail(`round ${round}: ${read.size} different`)
  }
})

t.test('an empty file that a killed first start left behind is not used as a secret', async (t) => {
  for (const name of files) {
    const dataDir = await createFolder(t)
    await writeFile(path.join(dataDir, name), '')
    const started = await start(t, dataDir).catch((error: unknown) => error)
    if (started instanceof Error) t.match(started.message, name, 'the error names the file')
    else t.ok((await readFile(path.join(dataDir, name), 'utf8')).length >= 32)
  }
})

t.test('secrets of the environment are used unchanged, and no file is written', async (t) => {
  const dataDir = await createFolder(t)
  const [first, second, phoneHash] = ['first '.repeat(6).trim(), 'second '.repeat(6).trim(), 'phone '.repeat(6).trim()]
  const both = await start(t, dataDir, { APP_SECRET: `${first}, ${second}`, PHONE_HASH_SECRET: phoneHash })
  t.equal(both.keyring.all.length, 2)
  t.equal(both.phoneHashKey.export().toString(), phoneHash)
  t.equal((await start(t, dataDir, { APP_SECRET: second, PHONE_HASH_SECRET: phoneHash })).keyring.current.id, both.keyring.all[1]?.id)
  t.strictSame(await readdir(dataDir), [])
})

t.test('the keyed hash of a number is short, stable and differs by number and by key', async (t) => {
  const phone = createPhone()
  const one = await start(t, await createFolder(t), { PHONE_HASH_SECRET: 'one '.repeat(10) })
  const other = await start(t, await createFolder(t), { PHONE_HASH_SECRET: 'two '.repeat(10) })
  t.match(one.hashPhone(phone), /^[\w-]{22}$/)
  t.equal(one.hashPhone(phone), one.hashPhone(phone))
  t.not(one.hashPhone(createPhone()), one.hashPhone(phone))
  t.not(other.hashPhone(phone), one.hashPhone(phone))
})

t.test('the start fails if the data folder cannot be written', async (t) => {
  const notAFolder = path.join(await createFolder(t), 'file')
  await writeFile(notAFolder, '')
  await t.rejects(start(t, notAFolder), { code: 'EEXIST' })

  // The folder has the longest path that is allowed, so that no user, not even root, can open a file in it.
  const longest = (process.platform === 'darwin' ? 1024 : 4096) - 2
  let deep = await createFolder(t)
  while (deep.length < longest) deep = path.join(deep, 'x'.repeat(Math.min(200, longest - deep.length - 1) || 1))
  await mkdir(deep, { recursive: true })
  await t.rejects(start(t, deep), { code: 'ENAMETOOLONG' })
})

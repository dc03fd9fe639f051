import { createHash, randomUUID } from 'node:crypto'
import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { acquireLease } from '../../../db/leases.ts'
import { createCreative } from '../../support/forms.ts'
import { build, createEnvironment, signUp } from '../../support/helper.ts'
import { startProgram } from '../../support/program.ts'
import { storedFiles } from '../../support/traces.ts'

const stray = `${'ab'.repeat(16)}.original`

t.test('npm run sweep prints what it reconciled, and with --dry-run what it would reconcile', async (t) => {
  const env = await createEnvironment(t)
  const app = await build(t, { env })
  await createCreative(app, await signUp(app))
  const staged = path.join(app.blobs.stagingFolder, 'stray')
  await writeFile(staged, 'stray')
  await app.blobs.put(stray as `${string}.original`, {
    path: staged, byteCount: 5, sha256: createHash('sha256').update('stray').digest(), contentType: 'image/png'
  })
  // This needs another file, because putting a blob links the staged one.
  await rm(staged)
  await writeFile(staged, 'left by a killed process')
  const longAgo = new Date(Date.now() - 90_000_000)
  await utimes(staged, longAgo, longAgo)
  const run = async (...args: string[]) => {
    const program = startProgram(t, 'src/commands/sweep.ts', { hasCoverage: true, args, env: { ...env, LOG_LEVEL: undefined } })
    return { code: await program.wait(), output: program.output }
  }
  const expected = (orphans: number, { isOverCap = false, stagedFiles = 0 } = {}) =>
    `staged files: ${stagedFiles}\nabandoned uploads: 0\ndiscarded images: 0\norphaned blobs: ${orphans}\nis over cap: ${isOverCap}\nincomplete images: 0\nrecovered images: 0\n`
  t.same(await run('--dry-run'), { code: 0, output: `would reconcile\n${expected(0, { stagedFiles: 1 })}` }, 'the blob is too young')
  t.same(await run('--dry-run', '--grace', '0', '--maximum-deletions', '0'), {
    code: 1, output: `would reconcile\n${expected(0, { isOverCap: true, stagedFiles: 1 })}`
  })
  t.same(await readdir(app.blobs.stagingFolder), ['stray'])
  t.same(await run('--grace', '0'), { code: 0, output: expected(1, { stagedFiles: 1 }) })
  t.equal((await storedFiles(app)).length, 3)
})

t.test('npm run sweep does nothing while another sweep is running', async (t) => {
  const env = await createEnvironment(t)
  const app = await build(t, { env })
  await acquireLease(app.db, { name: 'sweep', holder: randomUUID(), seconds: 3600 })
  const program = startProgram(t, 'src/commands/sweep.ts', { hasCoverage: true, args: [], env: { ...env, LOG_LEVEL: undefined } })
  t.equal(await program.wait(), 0)
  t.equal(program.output, 'another sweep is running\n')
})

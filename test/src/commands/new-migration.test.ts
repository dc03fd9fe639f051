import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createDatabase } from '../../support/databases.ts'

const command = '../../../src/commands/new-migration.ts'

/** Runs the command in this process, with a separate folder of migrations. */
async function create (t: Test, migrationFolder: string, ...args: string[]) {
  t.intercept(process, 'argv', { value: [process.execPath, command, ...args] })
  const [output, errors] = [t.capture(process.stdout, 'write'), t.capture(process.stderr, 'write')]
  await t.mockImport(command, { '../../../db/migrator.ts': { migrationFolder } })
  const code = process.exitCode
  process.exitCode = undefined
  const textOf = (results: ReturnType<typeof output>) => results.map(({ args }) => String(args[0])).join('')
  const texts = { output: textOf(output()), errors: textOf(errors()) }
  output.restore()
  errors.restore()
  return { code, ...texts }
}

t.test('a new migration has the next number and can be applied', async (t) => {
  const folder = t.testdir({ '0001_create_users.ts': '', '0009_create_more.ts': '', 'notes.txt': '' })
  const file = path.join(folder, '0010_create_sessions.ts')
  t.same(await create(t, folder, 'create_sessions'), { code: undefined, output: `${path.relative(process.cwd(), file)}\n`, errors: '' })
  t.match(await readFile(file, 'utf8'), /export async function up .*export async function down /s)

  const { up, down } = await import(pathToFileURL(file).href) as Record<'up' | 'down', (db: Kysely<unknown>) => Promise<void>>
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: await createDatabase(t) }) }) })
  await up(db)
  await down(db)
  await db.destroy()
})

t.test('the first migration has number 1', async (t) => {
  const folder = t.testdir()
  await create(t, folder, 'begin')
  t.same(await readdir(folder), ['0001_begin.ts'])
})

t.test('an invalid name is refused', async (t) => {
  const folder = t.testdir()
  const errors = 'Give it a name in lower case: npm run db:new -- create_sessions\n'
  t.same(await create(t, folder), { code: 1, output: '', errors })
  for (const name of ['', 'Create_sessions', '1st', 'create sessions', '../evil', 'a.ts', 'a-b']) {
    t.same(await create(t, folder, name), { code: 1, output: '', errors }, name)
  }
  t.same(await readdir(folder), [])
})

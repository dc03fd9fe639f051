import pg from 'pg'
import t, { type Test } from 'tap'
import { createHome, serverIn } from '../../support/embedded.ts'
import { createDatabase } from '../../support/databases.ts'
import { migrationNames } from '../../support/migrations.ts'
import { startProgram, startService } from '../../support/program.ts'

t.jobs = 2

interface Run { direction?: 'up' | 'down', args?: string[], input?: string }

/** Runs the command on a separate database, with `input` typed at the question; without it the input is closed. */
async function openMigrations (t: Test, url?: string) {
  const env = { DATABASE_URL: url ?? await createDatabase(t, { isEmpty: true }) }
  return async ({ direction = 'up', args = [], input }: Run) => {
    const program = startProgram(t, 'src/commands/migrate.ts', {
      hasCoverage: true,
      args: [direction, ...args],
      env,
      ...(input === undefined ? {} : { input })
    })
    const code = await program.wait()
    return { code, output: program.output, errors: program.errors }
  }
}

const rolledBack = new RegExp(`rolled back: ${migrationNames.at(-1)}\\n$`)
const applied = migrationNames.map((name) => `applied: ${name}\n`).join('')

t.test('nothing is applied or rolled back without a confirmation', async (t) => {
  const migrate = await openMigrations(t)
  for (const input of [undefined, 'yesterday\n']) {
    const { code, output } = await migrate(input === undefined ? {} : { input })
    t.equal(code, 1, `refused after ${JSON.stringify(input)}`)
    t.match(output, `Apply ${migrationNames.join(', ')}? [y/N] `)
    t.match(output, /nothing done\n$/)
  }
  t.match(await migrate({ input: 'y\n' }), { code: 0, output: applied }, 'the refusals applied no migration')

  const refused = await migrate({ direction: 'down' })
  t.equal(refused.code, 1)
  t.match(refused.output, /^Roll the newest migration back.* \[y\/N\] nothing done\n$/s)
  t.match(await migrate({ direction: 'down', input: 'YES\n' }), { code: 0, output: rolledBack })
})

t.test('--yes skips the question, and without pending migrations there is no question', async (t) => {
  const migrate = await openMigrations(t)
  t.match(await migrate({ args: ['--yes'] }), { code: 0, output: applied })
  t.match(await migrate({}), { code: 0, output: 'nothing to do\n' })
  t.match(await migrate({ direction: 'down', args: ['--yes'] }), { code: 0, output: rolledBack })
})

t.test('a failure ends with an exit code other than 0 and prints the reason', async (t) => {
  const url = await createDatabase(t, { isEmpty: true })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create table users (id int)')
  await client.end()
  const migrate = await openMigrations(t, url)
  t.match(await migrate({ args: ['--yes'] }), { code: 1, errors: 'relation "users" already exists' })
  const nowhere = await openMigrations(t, 'postgres://127.0.0.1:1/nothing')
  t.match(await nowhere({ args: ['--yes'] }), { code: 1, errors: 'ECONNREFUSED' })
})

t.test('without DATABASE_URL the command starts the embedded server and stops it afterwards', async (t) => {
  const home = await createHome(t)
  const program = startProgram(t, 'src/commands/migrate.ts', { hasCoverage: true, args: ['up', '--yes'], env: { DATA_DIR: home } })
  t.equal(await program.wait(), 0, program.errors)
  t.equal(program.output, applied)
  t.equal(await serverIn(`${home}/postgres/data`), undefined)
  const { url } = await startService(t, { env: { DATA_DIR: home, PORT: '0', MIGRATE_ON_START: 'off' } })
  t.ok(url, 'the service finds the migrated schema')
})

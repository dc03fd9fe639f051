import { chmod } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { createDatabase } from '../../support/databases.ts'
import { until } from '../../support/polling.ts'
import { startProgram, type ProgramOptions } from '../../support/program.ts'

/** Runs the command with a shell script in place of psql. */
async function startPsql (t: Test, script: string | undefined, options: ProgramOptions = {}, more: ProgramOptions['env'] = {}) {
  const folder = t.testdir(script === undefined ? {} : { psql: `#!/bin/sh\n${script}\n` })
  if (script !== undefined) await chmod(path.join(folder, 'psql'), 0o755)
  const url = await createDatabase(t)
  return { url, program: startProgram(t, 'src/commands/psql.ts', { hasCoverage: true, ...options, env: { PATH: folder, DATABASE_URL: url, ...more } }) }
}

t.test('psql gets the address of the database, the arguments and the terminal, and the command returns its exit code', async (t) => {
  const { program, url } = await startPsql(t, 'read line; echo "$line|$1|$2|$3|$#"; exit 3', {
    args: ['-c', 'select 1; --'], input: 'typed\n'
  })
  t.equal(await program.wait(), 3)
  t.equal(program.output, `typed|${url}|-c|select 1; --|3\n`)
})

t.test('the password is in the environment of psql and not in its arguments', async (t) => {
  const cases = [
    ['postgres://cheershare:S3cret%2F%20word@db.example/app?sslmode=require', 'postgres://cheershare@db.example/app?sslmode=require', 'S3cret/ word'],
    ['postgres://cheershare@db.example/app?password=S3cret&sslmode=require', 'postgres://cheershare@db.example/app?sslmode=require', 'S3cret']
  ] as const
  for (const [url, address, password] of cases) {
    const { program } = await startPsql(t, 'echo "$1|$PGPASSWORD"', {}, { DATABASE_URL: url })
    t.equal(await program.wait(), 0)
    t.equal(program.output, `${address}|${password}\n`)
  }
})

t.test('psql looks for tables in the schema of the service', async (t) => {
  const paths: Array<[string | undefined, string]> = [[undefined, '\n'], ['cheershare', '-c search_path=cheershare\n']]
  for (const [schema, options] of paths) {
    const { program } = await startPsql(t, 'echo "$PGOPTIONS"', {}, { DATABASE_SCHEMA: schema })
    t.equal(await program.wait(), 0)
    t.equal(program.output, options)
  }
})

t.test('Ctrl-C in psql does not end the command', async (t) => {
  const { program } = await startPsql(t, 'echo ready; read line; exit 5', { input: { open: true } })
  await until('psql runs', () => program.output === 'ready\n')
  program.signal('SIGINT')
  program.write('\n')
  t.equal(await program.wait(), 5)
})

t.test('a psql that is killed counts as failed', async (t) => {
  const { program } = await startPsql(t, 'kill -9 $$')
  t.equal(await program.wait(), 1)
})

t.test('without psql on the PATH the command prints how to install it', async (t) => {
  const { program } = await startPsql(t, undefined)
  t.equal(await program.wait(), 1)
  t.equal(program.errors, 'psql is not installed. On Debian: apt-get install postgresql-client. On macOS: brew install libpq\n')
})

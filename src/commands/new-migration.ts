import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { migrationFolder } from '../../db/migrator.ts'

/** Creates the file of the next migration: `npm run db:new -- create_sessions`. */
const name = process.argv[2] ?? ''

if (/^[a-z][a-z0-9_]*$/.test(name)) {
  const numbers = (await readdir(migrationFolder)).map((file) => Number.parseInt(file, 10)).filter(Number.isInteger)
  const number = String(Math.max(0, ...numbers) + 1).padStart(4, '0')
  const file = path.join(migrationFolder, `${number}_${name}.ts`)
  await writeFile(file, template(), { flag: 'wx' })
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`)
} else {
  process.stderr.write('Give it a name in lower case: npm run db:new -- create_sessions\n')
  process.exitCode = 1
}

function template (): string {
  return `import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  await sql\`select 1\`.execute(db)
}

export async function down (db: Kysely<unknown>): Promise<void> {
  await sql\`select 1\`.execute(db)
}
`
}

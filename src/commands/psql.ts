import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { defaultSchema } from '../../db/qualify.ts'
import { withDatabase } from './database.ts'

/** Opens psql on the database of the service: `npm run psql`, or `npm run psql -- -c 'select 1'`. */
await withDatabase(process.env, async ({ url, schema }) => {
  // Ctrl-C in psql ends its query, not this process. psql may run before `spawn` returns.
  process.on('SIGINT', () => {})
  const child = spawn('psql', [url, ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, ...schema === defaultSchema ? {} : { PGOPTIONS: `-c search_path=${schema}` } } })
  try {
    const [code] = await once(child, 'exit')
    process.exitCode = Number(code ?? 1)
  } catch {
    process.stderr.write('psql is not installed. On Debian: apt-get install postgresql-client. On macOS: brew install libpq\n')
    process.exitCode = 1
  }
})

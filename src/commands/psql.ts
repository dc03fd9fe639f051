import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { defaultSchema } from '../../db/qualify.ts'
import { withDatabase } from './database.ts'

/** Opens psql on the database of the service: `npm run psql`, or `npm run psql -- -c 'select 1'`. */
await withDatabase(process.env, async ({ url, schema }) => {
  // Ctrl-C in psql ends its query, not this process. psql may run before `spawn` returns.
  process.on('SIGINT', () => {})
  const { address, password } = takePassword(url)
  const environment = {
    ...process.env, ...password === '' ? {} : { PGPASSWORD: password }, ...schema === defaultSchema ? {} : { PGOPTIONS: `-c search_path=${schema}` }
  }
  const child = spawn('psql', [address, ...process.argv.slice(2)], { stdio: 'inherit', env: environment })
  try {
    const [code] = await once(child, 'exit')
    process.exitCode = Number(code ?? 1)
  } catch {
    process.stderr.write('psql is not installed. On Debian: apt-get install postgresql-client. On macOS: brew install libpq\n')
    process.exitCode = 1
  }
})

/** Separates the password, because every user of the machine sees the arguments of a process. Both forms of a URL may have it. */
function takePassword (text: string): { address: string, password: string } {
  const url = new URL(text)
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password)
  if (password === '') return { address: text, password }
  url.password = ''
  url.searchParams.delete('password')
  return { address: url.href, password }
}

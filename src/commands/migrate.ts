import { createInterface } from 'node:readline/promises'
import { migrateDown, migrateUp, pendingMigrations } from '../../db/migrator.ts'
import { withDatabase } from './database.ts'

/** `up` applies all pending migrations, `down` reverts the newest one. Both ask first unless `--yes` is given. */
const [direction, ...args] = process.argv.slice(2)

await withDatabase(process.env, async ({ pool, schema }) => {
  if (direction === 'down') {
    if (!await confirm('Roll the newest migration back and delete the data of its table?', args)) return refuse()
    return report('rolled back', await migrateDown(pool, schema))
  }
  const pending = await pendingMigrations(pool, schema)
  if (pending.length > 0 && !await confirm(`Apply ${pending.join(', ')}?`, args)) return refuse()
  report('applied', await migrateUp(pool, schema))
})

function report (verb: string, names: readonly string[]): void {
  process.stdout.write(names.length === 0 ? 'nothing to do\n' : names.map((name) => `${verb}: ${name}\n`).join(''))
}

function refuse (): void {
  process.stdout.write('nothing done\n')
  process.exitCode = 1
}

/** Asks for confirmation of a step that cannot be undone; `--yes` on the command line skips the question. */
async function confirm (question: string, args: readonly string[]): Promise<boolean> {
  if (args.includes('--yes')) return true
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // Without a terminal the input may end before an answer arrives.
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended])
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

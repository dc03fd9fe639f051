import { createInterface } from 'node:readline/promises'

/** Asks before something that cannot be undone; `--yes` on the command line answers it. */
export async function confirm (question: string, args: readonly string[]): Promise<boolean> {
  if (args.includes('--yes')) return true
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // Without a terminal the input may end before anybody answers.
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended])
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

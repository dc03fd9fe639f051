import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The operating-system account of the server, since PostgreSQL refuses to run as root. */
export interface Account { uid: number, gid: number }

/** `nobody` comes first, because it exists on every machine. If an account is removed, a later one can get its id and thus its data. */
const candidates = ['nobody', 'postgres']

/** Returns the account to run the server as, or `undefined` for the current one if that is not root. */
export function chooseAccount (): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  const found = candidates.map((name) => lines.find((fields) => fields[0] === name)).find((fields) => fields !== undefined)
  if (found === undefined) {
    throw new Error(`PostgreSQL will not run as root, and there is no account named ${candidates.join(' or ')}: ` +
      'start as another user, or set DATABASE_URL')
  }
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

/** Returns whether the account can reach and run this program. */
export function canRun (program: string, account: Account): boolean {
  return spawnSync(program, ['--version'], { ...account, stdio: 'ignore' }).status === 0
}

/** Returns whether the account can reach and enter this folder. */
export function canEnter (folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}

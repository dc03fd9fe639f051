import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Whom the server runs as: PostgreSQL refuses to run as root. */
export interface Account { uid: number, gid: number }

/** `nobody` comes first, because it exists on every machine; the data of an account that is removed would go to a stranger. */
const candidates = ['nobody', 'postgres']

/** The account to run the server as, or `undefined` for the current one, which is not root. */
export function chooseAccount (): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
  const found = candidates.map((name) => lines.find((fields) => fields[0] === name)).find((fields) => fields !== undefined)
  if (found === undefined) {
    throw new Error(`PostgreSQL will not run as root, and there is no account named ${candidates.join(' or ')}: start as another user, or set DATABASE_URL`)
  }
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

/** Whether the account can run this program, all folders above it included. */
export function canRun (program: string, account: Account): boolean {
  return spawnSync(program, ['--version'], { ...account, stdio: 'ignore' }).status === 0
}

/** Whether the account can reach and enter this folder. */
export function canEnter (folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}

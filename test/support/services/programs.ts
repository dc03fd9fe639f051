import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A program that tests start, and the Debian package that installs it. */
export interface Program {
  /** Names that the program has in PATH; the first that is found is used. Debian puts some servers in `/usr/sbin`. */
  names: readonly string[]
  debianPackage: string
}

/** Returns the name or path of a program, or `undefined` if this machine does not have it. */
export function findProgram ({ names }: Pick<Program, 'names'>): string | undefined {
  return names.flatMap((name) => [name, `/usr/sbin/${name}`])
    .find((name) => spawnSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' }).status === 0)
}

/** Whether `installProgram` can install packages: as root on Debian. */
export const canInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version')

/**
 * Installs the Debian package of a program by apt and returns the name or path of the program. The service that a package would
 * start is not started.
 * @throws {Error} if apt did not install the program
 */
export function installProgram (program: Program): string {
  const { debianPackage } = program
  process.stderr.write(`installing ${debianPackage} with apt\n`)
  // `RUNLEVEL=1` makes Debian's package scripts leave the new service stopped.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  // Test files that run at the same time wait for each other, because apt-get fails while another one holds its lock.
  const script = 'apt-get update; apt-get install --yes --no-install-recommends "$0"'
  spawnSync('flock', [path.join(tmpdir(), 'cheershare-apt.lock'), 'sh', '-c', script, debianPackage], { stdio: 'ignore', env })
  const found = findProgram(program)
  if (found === undefined) throw new Error(`apt could not install ${debianPackage}`)
  return found
}

/**
 * Returns the name or path of a program, which is installed first if this machine lacks it.
 * @throws {Error} with a sentence for people if the program is missing and cannot be installed
 */
export function findOrInstall (program: Program): string {
  const found = findProgram(program)
  if (found !== undefined) return found
  if (canInstall()) return installProgram(program)
  throw new Error(`The tests need ${program.names.join(' or ')}. Install it (Debian: apt-get install ${program.debianPackage}).`)
}

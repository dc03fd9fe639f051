import { createRequire, registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'

const root = path.resolve(import.meta.dirname, '../../..')
/** Time limit of a file, far above its duration on a loaded machine. */
const fileTimeoutMs = 600_000
/** Time in which sockets and timers of the last file end. */
const exitTimeoutMs = 30_000
const fileTestUrl = import.meta.resolve('./file-test.ts')

let current: Test = t

/** The test of the file that is being imported. */
export const currentTest = (): Test => current

/** Gives each of these files a separate `t` when it imports `tap`. */
function replaceTap (files: readonly string[]): void {
  const urls = new Set(files.map((file) => pathToFileURL(path.join(root, file)).href))
  registerHooks({
    resolve (specifier, context, nextResolve) {
      const { parentURL = '' } = context
      return specifier === 'tap' && urls.has(parentURL)
        ? { url: `${fileTestUrl}?${encodeURIComponent(parentURL)}`, shortCircuit: true }
        : nextResolve(specifier, context)
    }
  })
}

/**
 * Hides the loaded modules from code that lists `require.cache`; `require` still finds them. Fastify compares each plugin
 * without a name with all of them, some sixty times an instance, which took a tenth of the processor time of a batch.
 */
function hideLoadedModules (): void {
  const { cache } = createRequire(import.meta.url)
  for (const file of Object.keys(cache)) Object.defineProperty(cache, file, { enumerable: false })
}

/**
 * Runs test files one after another in this process. Each file is a subtest with its path as the name: what the file adds to `t`,
 * teardowns and `t.jobs` included, belongs to that subtest and is over before the next file starts. Folders of `t.testdir()` are
 * named as in a process that runs the file alone. A file must leave the process as it found it.
 */
export async function runFiles (files: readonly string[]): Promise<void> {
  replaceTap(files)
  // The limit applies to each file and not to the whole batch.
  t.setTimeout(0)
  for (const file of files) {
    await t.test(file, { timeout: fileTimeoutMs }, async (t) => {
      t.testdirName = path.join(root, '.tap/fixtures', file.replaceAll(/[^\w.-]+/g, '-'))
      current = t
      hideLoadedModules()
      await import(path.join(root, file))
    })
  }
  endAfter(exitTimeoutMs)
}

/** Ends the process if something that a file left open keeps it running, and reports what that is. */
function endAfter (milliseconds: number): void {
  setTimeout(() => {
    process.stderr.write(`open resources keep this batch running: ${process.getActiveResourcesInfo().join(', ')}\n`)
    process.exit()
  }, milliseconds).unref()
}

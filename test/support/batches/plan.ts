import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../..')
const folder = '.tap/batches'

/** Folders of suites that have commands of their own, because they need programs that are not part of `npm ci`. */
const otherSuites = /^test\/(?:servers|browser|package|document)\//

/**
 * Relative cost of a test file, by the modules that it imports: compared with a file that calls pure functions, one that
 * initializes PostgreSQL takes about twenty times as long, one that starts programs or servers, tests the S3 driver or compares
 * stores with a model ten times, and one that builds the service three times.
 */
const costs: ReadonlyArray<readonly [RegExp, number]> = [
  [/support\/embedded\.ts/, 20],
  [/support\/(?:program|fleet|redis-servers|gateway)\.ts|s3\/bucket\.ts|model\/run\.ts/, 10],
  [/support\/(?:helper|instances|outbox|creatives)\.ts/, 3]
]
const lowestCost = 1

/** Cost of a batch: about half a minute on a quiet core, which gives about twenty batches. */
const batchCost = 40

interface Batch { files: string[], cost: number }

async function costOf (file: string): Promise<number> {
  const source = await readFile(path.join(root, file), 'utf8')
  return costs.find(([pattern]) => pattern.test(source))?.[1] ?? lowestCost
}

/** Groups files that are neighbours in the tree, so that a batch is the same on each machine and in each run. */
async function planBatches (files: readonly string[]): Promise<Batch[]> {
  const batches: Batch[] = []
  let open: Batch = { files: [], cost: 0 }
  for (const file of files) {
    const cost = await costOf(file)
    if (open.cost + cost > batchCost || batches.length === 0) {
      open = { files: [], cost: 0 }
      batches.push(open)
    }
    open.files.push(file)
    open.cost += cost
  }
  return batches.sort((a, b) => b.cost - a.cost)
}

const programFor = (files: readonly string[]): string =>
  `import { runFiles } from '../../test/support/batches/run.ts'\n\nawait runFiles(${JSON.stringify(files, undefined, 2)})\n`

/**
 * Writes one program for each batch of test files to `.tap/batches` and resolves to the programs' paths, the longest first. tap starts
 * programs by name, so the names begin with a number.
 *
 * Each process loads tap, its coverage hook and often the whole service again. The five files of `test/src/config` took 19.6 s of
 * processor in five processes and 11.8 s in one (both with coverage, on two busy cores); the suite has more than 200 files.
 */
export async function writeBatches (): Promise<string[]> {
  const found = await Array.fromAsync(glob('test/**/*.test.ts', { cwd: root }))
  const batches = await planBatches(found.filter((file) => !otherSuites.test(file)).sort())
  await rm(path.join(root, folder), { recursive: true, force: true })
  await mkdir(path.join(root, folder), { recursive: true })
  const programs = batches.map(({ files }, index) => {
    const room = path.dirname(files[0] ?? '').split('/').slice(1, 3).join('-')
    return { file: `${folder}/${String(index + 1).padStart(2, '0')}-${room}.mjs`, files }
  })
  await Promise.all(programs.map(async ({ file, files }) => { await writeFile(path.join(root, file), programFor(files)) }))
  return programs.map(({ file }) => file)
}

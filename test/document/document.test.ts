import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'

/*
 * Judges docs/openapi.json by two linters and three generators of clients. `npm run test:document` installs them from the
 * lockfile in this folder, so that `npm ci` of the project does not.
 */
const root = path.resolve(import.meta.dirname, '../..')
const document = path.join(root, 'docs/openapi.json')
const generated = path.join(import.meta.dirname, 'generated')
const ownModules = path.join(import.meta.dirname, 'node_modules')
const rootModules = path.join(root, 'node_modules')
/** The tools report nothing about their use. */
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }

interface Outcome { status: number | null, output: string }

/** Runs a program of a package with Node; `output` is what it printed on both streams. */
function run (program: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: import.meta.dirname, encoding: 'utf8', env })
  return { status, output: stdout + stderr }
}

interface RedoclyReport { problems: Array<{ ruleId: string, message: string, location: Array<{ pointer?: string }> }> }
interface SpectralProblem { code: string | number, message: string, path: Array<string | number> }

/** Reads a report in JSON, which may follow or precede lines for people. */
function readJson<Report> ({ output }: Outcome, open: string, close: string): Report {
  try {
    return JSON.parse(output.slice(output.indexOf(open), output.lastIndexOf(close) + 1)) as Report
  } catch (error) {
    throw new Error(`the linter printed no report:\n${output}`, { cause: error })
  }
}

t.test('redocly reports nothing under its strict rules', async (t) => {
  const outcome = run(path.join(ownModules, '@redocly/cli/bin/cli.js'), ['lint', document, '--config', 'redocly-rules.yaml', '--format', 'json', '--max-problems', '1000'])
  const { problems } = readJson<RedoclyReport>(outcome, '{', '}')
  t.same(problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer ?? ''}: ${message}`), [])
  t.equal(outcome.status, 0)
})

t.test('spectral reports nothing under all its rules for OpenAPI', async (t) => {
  const outcome = run(
    path.join(ownModules, '@stoplight/spectral-cli/dist/index.js'),
    ['lint', document, '--ruleset', 'spectral-rules.yaml', '--format', 'json', '--quiet', '--fail-severity', 'hint']
  )
  const problems = readJson<SpectralProblem[]>(outcome, '[', ']')
  t.same(problems.map(({ code, message, path }) => `${code} at ${path.join('/')}: ${message}`), [])
  t.equal(outcome.status, 0)
})

/** Each generator writes to its own folder in `generated`, from which the file of its name in `consumers` imports. */
const generators: Array<[name: string, program: string, args: string[]]> = [
  ['openapi-typescript', path.join(rootModules, 'openapi-typescript/bin/cli.js'), [document, '--output', path.join(generated, 'openapi-typescript/api.ts')]],
  ['hey-api', path.join(ownModules, '@hey-api/openapi-ts/bin/run.js'), ['--input', document, '--output', path.join(generated, 'hey-api'), '--client', '@hey-api/client-fetch']],
  ['orval', path.join(ownModules, 'orval/dist/bin/orval.mjs'), ['--input', document, '--output', path.join(generated, 'orval/api.ts'), '--client', 'fetch']]
]

await t.test('the generators write clients', async (t) => {
  await rm(generated, { recursive: true, force: true })
  for (const [name, program, args] of generators) {
    const { status, output } = run(program, args)
    t.equal(status, 0, `${name}: ${output}`)
  }
})

t.test('the clients and the programs that use them compile in strict mode', async (t) => {
  const { output } = run(path.join(rootModules, 'typescript/bin/tsc'), ['--project', 'consumers', '--pretty', 'false'])
  t.same(output.split('\n').filter((line) => line !== ''), [])
})

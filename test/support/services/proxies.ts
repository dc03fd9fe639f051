import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { certificate, key } from '../../fixtures/tls.ts'
import { until } from '../polling.ts'
import { findOrInstall, type Program } from './programs.ts'
import { freePort } from './redis.ts'

/** A proxy that a test can start with the configuration of docs/proxies.md. */
interface ProxyProgram extends Program {
  /** The language of its code blocks. */
  name: 'nginx' | 'haproxy'
  /** Replaces addresses and paths, and adds what the page leaves out. */
  complete (snippet: string, place: Place): string
  checkArgs (file: string): string[]
  runArgs (file: string): string[]
}

interface Place {
  folder: string
  port: number
  servicePorts: readonly number[]
  /** Port of the application that the service authenticates for. */
  applicationPort: number
}

/** Replaces a text of the page wherever it is; throws if the page does not have it. */
function replace (text: string, pattern: RegExp, value: string): string {
  if (text.search(pattern) < 0) throw new Error(`docs/proxies.md has no ${String(pattern)}`)
  return text.replace(pattern, value)
}

/** Replaces the lines of the servers by one for each service; `end` is what follows the address. */
function replaceServers (text: string, { servicePorts }: Place, nameOf: (index: number) => string): string {
  const [, end = ''] = /^ *server .*10\.0\.0\.11:4000(.*)$/m.exec(text) ?? []
  const lines = servicePorts.map((port, index) => `  server ${nameOf(index)}127.0.0.1:${port}${end}\n`)
  return replace(text, /(?:^ *server .*10\.0\.0\.1\d:4000.*\n)+/m, lines.join(''))
}

/** Adds what a configuration of nginx needs outside of its servers. */
function wrapNginx ({ folder }: Pick<Place, 'folder'>, servers: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')
  return `daemon off; pid ${folder}/nginx.pid; error_log stderr;\nevents {}\nhttp {\naccess_log off; ${temporary}\n${servers}\n}\n`
}

export const nginx: ProxyProgram = {
  name: 'nginx',
  names: ['nginx'],
  debianPackage: 'nginx-light',
  complete (snippet, place) {
    const { folder, port } = place
    let text = replaceServers(snippet, place, () => '')
    text = replace(text, /listen 443 ssl;/g, `listen 127.0.0.1:${port} ssl;`)
    text = replace(text, /\/etc\/ssl\/\S+\.pem/g, `${folder}/proxy.pem`)
    text = replace(text, /\/etc\/ssl\/\S+\.key/g, `${folder}/proxy.key`)
    text = replace(text, /10\.0\.0\.21:8080/, `127.0.0.1:${place.applicationPort}`)
    return wrapNginx(place, text)
  },
  checkArgs: (file) => ['-t', '-e', 'stderr', '-c', file],
  runArgs: (file) => ['-e', 'stderr', '-c', file]
}

export const haproxy: ProxyProgram = {
  name: 'haproxy',
  names: ['haproxy'],
  debianPackage: 'haproxy',
  complete (snippet, place) {
    const text = replaceServers(snippet, place, (index) => `service-${index} `)
    return replace(text, /bind :443 ssl crt \S+/, `bind 127.0.0.1:${place.port} ssl crt ${place.folder}/proxy.pem`)
  },
  checkArgs: (file) => ['-c', '-f', file],
  runArgs: (file) => ['-db', '-f', file]
}

export interface RunningProxy {
  /** Base URL, with a certificate that `certificate` of test/fixtures/tls.ts verifies. */
  url: string
  /** The output of the check of the configuration. */
  check: { status: number | null, output: string }
}

/**
 * Starts a proxy with its configuration in docs/proxies.md, in front of the services on these ports. `edit` changes the configuration.
 * The proxy ends after the test.
 */
export async function startProxy (
  t: Test, program: ProxyProgram, servicePorts: readonly number[],
  { applicationPort = 9, edit = (text) => text }: { applicationPort?: number, edit?: (configuration: string) => string } = {}
): Promise<RunningProxy> {
  const page = await readFile(path.resolve(import.meta.dirname, '../../../docs/proxies.md'), 'utf8')
  const snippet = edit(page.matchAll(new RegExp(`^\`\`\`${program.name}\\n(.*?)^\`\`\`$`, 'gms')).map(([, text = '']) => text).toArray().join('\n'))
  const { port, check } = await run(t, program, (place) => program.complete(snippet, { ...place, servicePorts, applicationPort }))
  return { url: `https://127.0.0.1:${port}`, check }
}

/**
 * Starts nginx with its defaults, except for the size of bodies, in front of a service, and resolves to its port. With a path such as
 * `/api`, only addresses below it are passed on, without it.
 */
export async function startPlainNginx (t: Pick<Test, 'teardown'>, servicePort: number, path = ''): Promise<number> {
  const { port } = await run(t, nginx, (place) => wrapNginx(place, `client_max_body_size 50m;
server { listen 127.0.0.1:${place.port}; location ${path}/ { proxy_pass http://127.0.0.1:${servicePort}/; } }`))
  return port
}

async function run (t: Pick<Test, 'teardown'>, program: ProxyProgram, configure: (place: Pick<Place, 'folder' | 'port'>) => string) {
  const command = findOrInstall(program)
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-proxy-'))
  // Workers of nginx have an account of their own.
  await chmod(folder, 0o755)
  const port = await freePort()
  const file = path.join(folder, `${program.name}.conf`)
  await writeFile(path.join(folder, 'proxy.pem'), `${certificate}\n${key}\n`)
  await writeFile(path.join(folder, 'proxy.key'), `${key}\n`)
  await writeFile(file, configure({ folder, port }))

  const { status, stdout, stderr } = spawnSync(command, program.checkArgs(file), { encoding: 'utf8' })
  const child = spawn(command, program.runArgs(file), { stdio: 'ignore' })
  t.teardown(async () => {
    const isOver = child.exitCode !== null ? undefined : once(child, 'exit')
    child.kill('SIGTERM')
    await isOver
    await rm(folder, { recursive: true, force: true })
  })
  await until(`${program.name} listens`, async () => {
    if (child.exitCode !== null) throw new Error(`${program.name} ended: ${stderr}${stdout}`)
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(() => true, () => false)
    socket.destroy()
    return isOpen
  })
  return { port, check: { status, output: `${stdout}${stderr}` } }
}

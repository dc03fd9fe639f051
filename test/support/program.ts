import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Test } from 'tap'
import { createEnvironment, createPhone, longDeadlines } from './helper.ts'
import { until, waitLimitMs } from './polling.ts'

type Environment = Record<string, string | undefined>

/** A spawned process; killed after the test if it still runs. */
export interface Program {
  readonly pid: number
  /** What it has written so far. */
  readonly output: string
  readonly errors: string
  /** Its exit code, or the signal that ended it; undefined while it runs. */
  readonly ending: number | string | undefined
  signal (name: NodeJS.Signals): void
  /** Writes to its standard input, which stays open. */
  write (text: string): void
  /** Resolves to its ending. */
  wait (): Promise<number | string>
}

export interface ProgramOptions {
  /** Another copy of the service than this one. */
  program?: string
  args?: readonly string[]
  /** Options of Node itself. */
  nodeArgs?: readonly string[]
  /** The whole environment: nothing is inherited. */
  env?: Environment
  cwd?: string
  /** A process group of its own, as a shell gives it. */
  isGroup?: boolean
  /** What its standard input holds; `open` leaves it open, and without it, it is at its end. */
  input?: string | { open: true }
}

/** Ends a process when the test that started it is no more, however that ended. */
const leash = "data:text/javascript,process.on('disconnect',()=>process.exit(1));process.channel.unref()"

/** Runs a TypeScript file of the project in a process of its own. */
export function startProgram (t: Test, file: string, { args = [], nodeArgs = [], env = {}, cwd, isGroup, input }: ProgramOptions = {}): Program {
  const program = path.resolve(import.meta.dirname, '../..', file)
  const stdio = [input === undefined ? 'ignore' as const : 'pipe' as const, 'pipe' as const, 'pipe' as const, 'ipc' as const]
  const child = spawn(process.execPath, ['--import', leash, ...nodeArgs, program, ...args], { env, cwd, stdio, detached: isGroup })
  let output = ''
  let errors = ''
  let ending: number | string | undefined
  child.stdout?.on('data', (chunk: Buffer) => { output += chunk.toString() })
  child.stderr?.on('data', (chunk: Buffer) => { errors += chunk.toString() })
  child.on('close', (code, signal) => { ending = code ?? signal ?? 'unknown' })
  if (typeof input === 'string') child.stdin?.end(input)

  t.teardown(async () => {
    if (ending !== undefined) return
    child.kill('SIGKILL')
    await once(child, 'close')
  })
  return {
    pid: child.pid ?? 0,
    get output () { return output },
    get errors () { return errors },
    get ending () { return ending },
    signal: (name) => { child.kill(name) },
    write: (text) => { child.stdin?.write(text) },
    async wait () {
      await until(`${file} ends`, () => ending !== undefined)
      return ending ?? 'unknown'
    }
  }
}

export type LogLine = Record<string, unknown> & { msg: string }

/** A running service in a process of its own. */
export interface Service {
  program: Program
  url: string
  port: number
}

export function logOf (program: Program): LogLine[] {
  return program.output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line) as LogLine)
}

/** The first line that begins so, once it is there. */
export async function untilLogged (program: Program, message: string): Promise<LogLine> {
  const find = () => logOf(program).find(({ msg }) => msg.startsWith(message))
  await until(`the log says "${message}"`, () => find() !== undefined || program.ending !== undefined)
  const line = find()
  if (line === undefined) throw new Error(`ended with ${program.ending}, "${message}" is not in the log: ${program.errors}${program.output}`)
  return line
}

export async function startService (t: Test, options: ProgramOptions): Promise<Service> {
  const program = startProgram(t, options.program ?? 'src/server.ts', { ...options, env: { ...longDeadlines, ...options.env } })
  const url = (await untilLogged(program, 'listening at ')).msg.replace('listening at ', '')
  return { program, url, port: Number(new URL(url).port) }
}

/** With a database and a data folder of its own, unless `env` says otherwise, on a free port. */
export async function startOwnService (t: Test, env: Environment = {}): Promise<Service> {
  return await startService(t, { env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', ...env }) })
}

export interface Answer {
  status: number
  body: Record<string, unknown>
  headers: Headers
  milliseconds: number
}

/** One request, timed; with `json` it is a POST. */
export async function call (url: string, { json, headers = {} }: { json?: object, headers?: Record<string, string> } = {}): Promise<Answer> {
  const started = performance.now()
  const post = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
  const response = await fetch(url, { ...post, signal: AbortSignal.timeout(waitLimitMs), headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers } })
  const body = await response.json() as Answer['body']
  return { status: response.status, body, headers: response.headers, milliseconds: performance.now() - started }
}

/** Texts of the SMS to a number, newest first, from the service's own inbox. */
export async function readInbox (url: string, phone: string): Promise<string[]> {
  const { body } = await call(`${url}/dev/inbox.json?to=${encodeURIComponent(phone)}`)
  return (body['messages'] as Array<{ body: string }>).map((message) => message.body)
}

/** Signs a new user up over HTTP; resolves to the headers of the session. */
export async function signUpAt (url: string, phone = createPhone()): Promise<{ authorization: string }> {
  await call(`${url}/signup`, { json: { name: 'Asha', phone_number: phone } })
  await until('the SMS arrives', async () => (await readInbox(url, phone)).length > 0)
  const otp = /\d{4,10}/.exec((await readInbox(url, phone))[0] ?? '')?.[0]
  const { status, body } = await call(`${url}/verify`, { json: { phone_number: phone, otp } })
  if (status !== 200) throw new Error(`sign-up failed: ${JSON.stringify(body)}`)
  return { authorization: `Bearer ${String(body['token'])}` }
}

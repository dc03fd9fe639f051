import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Test } from 'tap'
import { compileCache, measuresCoverage } from './coverage.ts'
import { createEnvironment, createPhone, longDeadlines } from './helper.ts'
import { until, waitLimitMs } from './polling.ts'

type Environment = Record<string, string | undefined>

/** A spawned process; killed after the test if it still runs. */
export interface Program {
  readonly pid: number
  /** The output so far. */
  readonly output: string
  readonly errors: string
  /** Exit code, or the signal that ended the program; undefined while it runs. */
  readonly ending: number | string | undefined
  signal (name: NodeJS.Signals): void
  /** Writes to its standard input, which stays open. */
  write (text: string): void
  /** Resolves to its ending. */
  wait (): Promise<number | string>
}

export interface ProgramOptions {
  /** Path of the program in another copy of the project. */
  program?: string
  args?: readonly string[]
  /** Options of Node itself. */
  nodeArgs?: readonly string[]
  /** The whole environment: nothing is inherited. */
  env?: Environment
  cwd?: string
  /** Runs in a new process group, as under a shell. */
  isGroup?: boolean
  /** Standard input: a text, or `open` to leave it open; by default it is closed. */
  input?: string | { open: true }
  /** Is part of the coverage, for tests of code that only runs in a program. Coverage doubles the processor time of a start. */
  hasCoverage?: boolean
}

/** Ends a process when the test that started it has ended, even after a kill. */
const leash = "data:text/javascript,process.on('disconnect',()=>process.exit(1));process.channel.unref()"

/** Runs a TypeScript file of the project in a separate process. */
export function startProgram (
  t: Test, file: string, { args = [], nodeArgs = [], env = {}, cwd, isGroup, input, hasCoverage = false }: ProgramOptions = {}
): Program {
  const program = path.resolve(import.meta.dirname, '../..', file)
  const command = [process.execPath, '--import', leash, ...nodeArgs, program, ...args]
  // tap adds NODE_OPTIONS to every environment, which loads its hooks and measures coverage.
  const withoutHooks = ['/usr/bin/env', '-u', 'NODE_OPTIONS', `NODE_COMPILE_CACHE=${compileCache.NODE_COMPILE_CACHE}`]
  const [executable = '', ...argv] = measuresCoverage && hasCoverage ? command : [...withoutHooks, ...command]
  const stdio = [input === undefined ? 'ignore' as const : 'pipe' as const, 'pipe' as const, 'pipe' as const, 'ipc' as const]
  const child = spawn(executable, argv, { env, cwd, stdio, detached: isGroup })
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

/** A running service in a separate process. */
export interface Service {
  program: Program
  url: string
  port: number
}

export function logOf (program: Program): LogLine[] {
  return program.output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line) as LogLine)
}

/** Waits for a line of the log that begins with this message, and returns the first one. */
export async function untilLogged (program: Program, message: string): Promise<LogLine> {
  const find = () => logOf(program).find(({ msg }) => msg.startsWith(message))
  await until(`the log says "${message}"`, () => find() !== undefined || program.ending !== undefined)
  const line = find()
  if (line === undefined) {
    throw new Error(`ended with ${program.ending}, "${message}" is not in the log: ${program.errors}${program.output}`)
  }
  return line
}

export async function startService (t: Test, options: ProgramOptions): Promise<Service> {
  const program = startProgram(t, options.program ?? 'src/server.ts', { ...options, env: { ...longDeadlines, ...options.env } })
  const url = (await untilLogged(program, 'listening at ')).msg.replace('listening at ', '')
  return { program, url, port: Number(new URL(url).port) }
}

/** Starts a service on a free port, with a separate database and data folder unless `env` has others. */
export async function startOwnService (t: Test, env: Environment = {}, { hasCoverage = false }: Pick<ProgramOptions, 'hasCoverage'> = {}): Promise<Service> {
  return await startService(t, { hasCoverage, env: await createEnvironment(t, { LOG_LEVEL: 'info', PORT: '0', ...env }) })
}

export interface Answer {
  status: number
  body: Record<string, unknown>
  headers: Headers
  milliseconds: number
}

/** Sends a request and measures its time; with `json` or `form` it is a POST. An empty body counts as an empty object. */
export async function call (
  url: string, { json, form, headers = {} }: { json?: object, form?: URLSearchParams, headers?: Record<string, string> } = {}
): Promise<Answer> {
  const started = performance.now()
  const body = json === undefined ? form : JSON.stringify(json)
  const post = body === undefined ? {} : { method: 'POST', body }
  const response = await fetch(url, {
    ...post,
    signal: AbortSignal.timeout(waitLimitMs),
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers
    }
  })
  const text = await response.text()
  const answer = JSON.parse(text === '' ? '{}' : text) as Answer['body']
  return { status: response.status, body: answer, headers: response.headers, milliseconds: performance.now() - started }
}

/** Reads the texts of the SMS to a number from the inbox of the service, newest first. */
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

import { spawnSync } from 'node:child_process'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { describeError, logOptions, RequestLog } from '../../../src/process/logging.ts'
import type { LogLine } from '../../support/compose.ts'

/** An instance that logs as the service does, with a route that has a parameter. */
async function createApp (t: Test, level: string) {
  const lines: LogLine[] = []
  const stream = { write: (line: string) => { lines.push(JSON.parse(line) as LogLine) } }
  const app = Fastify({ logger: { ...logOptions(level), stream }, logController: new RequestLog() })
  app.get('/images/:id', async () => 'here')
  t.teardown(async () => { await app.close() })
  await app.ready()
  return { app, lines }
}

t.test('a request is one line at debug: method, route template, status and time', async (t) => {
  const { app, lines } = await createApp(t, 'debug')
  await app.inject('/images/7?signature=secret')
  t.equal(lines.length, 1)
  t.match(lines[0], {
    level: 20,
    msg: 'request completed',
    req: {
      method: 'GET', route: '/images/:id'
    },
    status: 200,
    milliseconds: Number
  })
  t.notMatch(JSON.stringify(lines), /secret|images\/7/)
})

t.test('a request writes nothing at the default level', async (t) => {
  const { app, lines } = await createApp(t, 'info')
  await app.inject('/images/7')
  t.strictSame(lines, [])
})

t.test('the trace lines of the multipart parser contain no request headers', async (t) => {
  const { app, lines } = await createApp(t, 'trace')
  app.log.trace({ busboyOptions: { headers: { authorization: 'Bearer secret' } } }, 'Providing options to busboy')
  t.match(lines, [{ msg: 'Providing options to busboy' }])
  t.notMatch(JSON.stringify(lines), /secret/)
})

t.test('an error is its type, text, stack, code and causes', async (t) => {
  const cause = Object.assign(new TypeError('connection lost'), { code: 'ECONNRESET' })
  const error = new Error('no answer', { cause })
  t.strictSame(describeError(error), {
    type: 'Error',
    message: 'no answer',
    stack: error.stack,
    cause: { type: 'TypeError', message: 'connection lost', stack: cause.stack, code: 'ECONNRESET' }
  })
})

t.test('other properties that libraries add to errors are not logged', async (t) => {
  const { app, lines } = await createApp(t, 'info')
  const phone = '+918123456789'
  const row = {
    detail: `Key (phone_number)=(${phone}) exists`, parameters: [phone], config: { auth: 'secret' }, command: { args: ['secret'] }
  }
  app.log.error({ err: Object.assign(new Error('duplicate key', { cause: Object.assign(new Error('inner'), row) }), row) }, 'failed')
  app.log.error({ err: row }, 'failed')
  app.log.error({ err: 'secret' }, 'failed')
  t.notMatch(JSON.stringify(lines), /8123456789|secret/)
  t.match(lines, [
    { err: { message: 'duplicate key', cause: { message: 'inner' } } },
    { err: { type: 'object', message: 'not an Error' } }, { err: { type: 'string' } }
  ])
})

t.test('causes are described to a depth of five, also if they are circular', async (t) => {
  const error = new Error('round')
  error.cause = error
  let depth = 0
  for (let described = describeError(error); described.cause !== undefined; described = described.cause) depth += 1
  t.equal(depth, 5)
  t.match(describeError(new Error('outer', { cause: 'text' })), { cause: { type: 'string', message: 'not an Error', stack: '' } })
})

t.test('an error without a stack trace is described', async (t) => {
  const error = new Error('bare')
  delete error.stack
  t.strictSame(describeError(error), { type: 'Error', message: 'bare', stack: '' })
})

/** Returns the output of a separate process, and the number of its writes. */
function run (code: string): { status: number | null, lines: string[], writes: number } {
  const logging = new URL('../../../src/process/logging.ts', import.meta.url).href
  const counting = 'let writes = 0; const write = process.stdout.write; process.stdout.write = function (text) { writes += 1; return ' +
    'write.call(this, text) }'
  const telling = "process.on('exit', () => { process.stderr.write('writes: ' + writes) })"
  const preparing = `import { pino } from 'pino'; import { logOptions } from '${logging}'; const { stream, ...options } = logOptions('info'); const log = pino(options, stream)`
  const child = spawnSync(process.execPath, [
    '--input-type=module', '-e', [counting, preparing, telling, code].join('\n')
  ], { encoding: 'utf8' })
  const lines = child.stdout.trim().split('\n').map((line) => String((JSON.parse(line) as { msg: unknown }).msg))
  return { status: child.status, lines, writes: Number(/writes: (\d+)/.exec(child.stderr)?.[1]) }
}

t.test('the lines of an event-loop turn are written together, in order', async (t) => {
  const code = "log.info('1'); log.info('2'); setImmediate(() => { log.info('3'); log.info('4') })"
  t.strictSame(run(code), { status: 0, lines: ['1', '2', '3', '4'], writes: 2 })
})

t.test('a write is no longer than PIPE_BUF, unless one line is longer', async (t) => {
  const texts = ['a'.repeat(1500), 'b'.repeat(1500), 'c'.repeat(1500), 'd'.repeat(5000), 'e'].map((text) => `log.info('${text}')`)
  const { lines, writes } = run(texts.join('; '))
  t.strictSame(lines.map((line) => line[0]), ['a', 'b', 'c', 'd', 'e'])
  t.equal(writes, 4)
})

for (const [what, code, status] of [
  ['a process that exits', 'process.exit(3)', 3], ['a process that crashes', "throw new Error('boom')", 1]
] as const) {
  t.test(`${what} writes its last lines`, async (t) => {
    t.strictSame(run(`log.info('first'); setImmediate(() => { log.info('last'); ${code} })`), {
      status, lines: ['first', 'last'], writes: 2
    })
  })
}

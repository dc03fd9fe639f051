import t from 'tap'
import { openLogStream } from '../../../src/process/logging.ts'

const line = `${JSON.stringify({ level: 30, time: 0, pid: 1, hostname: 'h', code: 'CHR_NOT_FOUND', msg: 'request refused' })}\n`

async function written (t: { capture: typeof import('tap')['capture'] }, ...options: Parameters<typeof openLogStream>): Promise<string> {
  const stream = await openLogStream(...options)
  const calls = t.capture(process.stdout, 'write', () => true)
  stream.write(line)
  await new Promise((resolve) => { setImmediate(resolve) })
  const text = calls().map(({ args }) => String(args[0])).join('')
  calls.restore()
  return text
}

t.test('lines are readable at a terminal, and JSON elsewhere and in production', async (t) => {
  t.match(await written(t, 'development', true), /INFO[^]*request refused[^]*CHR_NOT_FOUND/)
  t.equal(await written(t, 'development', false), line)
  t.equal(await written(t, 'production', true), line)
  t.equal(await written(t, 'development', true, async () => { throw new Error('not installed') }), line)
})

import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { demoImage } from '../../../src/commands/demo-image.ts'
import { runDemo } from '../../../src/commands/demo-steps.ts'
import { build, createEnvironment, createPhone } from '../../support/helper.ts'
import { startProgram, startService } from '../../support/program.ts'
import { freePort } from '../../support/services/redis.ts'
import { listen } from '../../support/sockets.ts'

t.test('the demo completes every step against a running service', async (t) => {
  const port = String(await freePort())
  await startService(t, { env: await createEnvironment(t, { PORT: port, LOG_LEVEL: 'info' }) })
  const program = startProgram(t, 'src/commands/demo.ts', { hasCoverage: true, env: { PORT: port } })
  t.equal(await program.wait(), 0, program.errors)
  const lines = program.output.trimEnd().split('\n')
  t.match(lines.filter((line) => /^\d\. /.test(line)), ['Sign up', 'inbox', 'delivered', 'Verify', 'Upload', 'List', 'Fetch'])
  t.match(lines[2], /^ {3}".*\d{6}/)
  t.ok(lines.includes('   delivered'))
  t.ok(lines.includes('   removed from the image: text'))
  const preview = await fetch(lines.at(-2)?.trim() ?? '')
  t.match([preview.status, preview.headers.get('content-type')], [200, 'image/webp'], 'the preview can be opened')
  t.equal(lines.at(-1), 'All steps succeeded.')
})

t.test('the demo fails when no service answers', async (t) => {
  const url = `http://127.0.0.1:${await freePort()}`
  const program = startProgram(t, 'src/commands/demo.ts', { hasCoverage: true, args: [url] })
  t.equal(await program.wait(), 1)
  t.equal(program.errors, `FAILED: ${url} does not reply as the service does. Start the service first\n`)
})

/** A fake service that replies as expected, except for the replies that a test replaces. */
async function openFakeService (t: Test, changes: Record<string, unknown>) {
  const answers: Record<string, unknown> = {
    'POST /signup': { success: true, delivery_id: 'd' },
    'GET /deliveries/d': { status: 'delivered' },
    'GET /dev/inbox.json': { messages: [{ body: 'Your code is 123456' }] },
    'POST /verify': { token: 'A'.repeat(26) },
    'GET /protected': { data: 'Protected' },
    'POST /upload-creative': { creative: { id: 7, removed: ['text'] } },
    'GET /scheduled': { scheduled_creatives: { today: [{ id: 7 }], tomorrow: [] } },
    'GET /image': demoImage,
    'GET /preview': Buffer.from('RIFF'),
    ...changes
  }
  const app = Fastify()
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => { done(null) })
  for (const [route, answer] of Object.entries(answers)) {
    const [method = '', url = ''] = route.split(' ')
    app.route({
      method,
      url,
      handler: async (_request, reply) => {
        if (answer instanceof Error) throw answer
        if (Buffer.isBuffer(answer)) reply.type(url === '/preview' ? 'image/webp' : 'image/png')
        const { creative } = answer as { creative?: object }
        return creative === undefined
          ? answer
          : {
              creative: { ...creative, creative_url: `${address}/image`, preview_url: `${address}/preview` }
            }
      }
    })
  }
  t.teardown(async () => { await app.close() })
  const address = `http://127.0.0.1:${await listen(app)}`
  return address
}

t.test('the demo reports the step that fails', async (t) => {
  for (const [changes, message] of [
    [{}, undefined],
    [{ 'POST /signup': { success: false } }, 'expected: sign-up sends a code'],
    [{ 'POST /signup': new Error('broken') }, 'expected: /signup answers 200 (it returned 500: Internal Server Error)'],
    [{ 'POST /verify': { token: 'short' } }, 'expected: /verify returns a token'],
    [{ 'GET /protected': { data: 'Open' } }, 'expected: /protected accepts the token'],
    [{ 'GET /scheduled': { scheduled_creatives: { today: [], tomorrow: [{ id: 7 }] } } }, 'expected: the upload is listed for today'],
    [{ 'GET /image': 'text' }, 'expected: the image is served as PNG'],
    [{ 'GET /image': Buffer.from('another') }, 'expected: the image is served byte for byte, without the comment'],
    [{ 'GET /deliveries/d': { status: 'sent' } }, 'expected: the SMS is reported as delivered within 5 s'],
    [{ 'POST /upload-creative': { creative: { id: 7, removed: [] } } }, 'expected: the comment inside the image is removed'],
    [{ 'GET /preview': 'text' }, 'expected: the preview is served as WebP'],
    [{ 'GET /preview': new Error('broken') }, 'expected: the preview is served as WebP']
  ] as const) {
    const run = runDemo({ url: await openFakeService(t, changes), phone: '+918123456789', say: () => {} })
    if (message === undefined) await t.resolves(run, 'no step fails')
    else await t.rejects(run, { name: 'Error', message })
  }
})

t.test('a failed step fails the command', async (t) => {
  const program = startProgram(t, 'src/commands/demo.ts', { hasCoverage: true, args: [await openFakeService(t, { 'POST /signup': { success: false } })] })
  t.equal(await program.wait(), 1)
  t.equal(program.errors, 'FAILED: expected: sign-up sends a code\n')
})

t.test('the demo fails when no SMS arrives', async (t) => {
  const app = await build(t)
  app.carrier?.faults.add({ fault: { kind: 'refuse', status: 400, code: 21211 } })
  const run = runDemo({ url: `http://127.0.0.1:${await listen(app)}`, phone: createPhone(), say: () => {} })
  await t.rejects(run, { message: 'expected: the SMS arrives within 5 s' })
})

import t from 'tap'
import { clientOf, openCarrier } from '../../support/carrier.ts'
import { startProgram, type Program } from '../../support/program.ts'
import { until } from '../../support/polling.ts'

t.jobs = 2

const command = 'src/commands/carrier.ts'

async function credentialsOf (program: Program) {
  await until('the emulator is ready', () => program.output.includes('\nsender') || program.ending !== undefined)
  const [, url = '', accountSid = '', authToken = '', sender = ''] =
    /^Carrier emulator at (\S+)\naccount SID {2}(\S+)\nauth token {3}(\S+)\nsender {7}(\S+)\n$/.exec(program.output) ?? []
  return { url, accountSid, authToken, sender }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`the command prints its address and credentials, serves, and ends on ${signal}`, async (t) => {
    const program = startProgram(t, command, { hasCoverage: true, args: ['--port', '0'] })
    const credentials = await credentialsOf(program)
    t.match(credentials, {
      url: /^http:\/\/127\.0\.0\.1:\d+$/, accountSid: /^AC[0-9a-f]{32}$/, authToken: /^[0-9a-f]{32}$/, sender: '+15005550006'
    })
    const { url, accountSid, authToken, sender } = credentials
    const client = clientOf(credentials)
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
    const rule = { fault: { kind: 'late', ms: 600_000 } }
    const set = await fetch(`${url}/_faults`, {
      method: 'POST', body: JSON.stringify(rule), headers: { authorization, 'content-type': 'application/json' }
    })
    t.equal(set.status, 201)
    t.match(await client.messages.create({ to: '+918123456789', from: sender, body: 'hello' }), { status: 'queued' })
    program.signal(signal)
    program.signal(signal)
    t.equal(await program.wait(), 0, 'with a pending receipt, and on a repeated signal')
    t.equal(program.errors, '')
  })
}

t.test('credentials and address are configurable, and a reachable address causes a warning', async (t) => {
  const [accountSid, authToken] = [`AC${'0'.repeat(32)}`, 'a token']
  const apiKey = { sid: `SK${'0'.repeat(32)}`, secret: 'a secret' }
  const program = startProgram(t, command, {
    hasCoverage: true,
    args: [
      '--port', '0', '--host', '0.0.0.0', '--account-sid', accountSid, '--auth-token', authToken,
      '--api-key-sid', apiKey.sid, '--api-key-secret', apiKey.secret
    ]
  })
  await until('the emulator is ready', () => program.output.includes('\nsender') || program.ending !== undefined)
  t.match(
    program.errors, /^WARNING: --host 0\.0\.0\.0: THE CREDENTIALS ARE THE ONLY PROTECTION OF THIS ADDRESS, AND THEY ARE SENT UNENCRYPTED/
  )
  t.match(program.output, `account SID  ${accountSid}\nauth token   ${authToken}\n`)
  const port = /:(\d+)\n/.exec(program.output)?.[1]
  t.same(await clientOf({ url: `http://127.0.0.1:${port}`, accountSid, authToken }).messages.list(), [])
  t.same(await clientOf({ url: `http://127.0.0.1:${port}`, accountSid, authToken, apiKey }).messages.list(), [])
  program.signal('SIGTERM')
  t.equal(await program.wait(), 0)
})

t.test('the URL of an IPv6 address has brackets', async (t) => {
  const program = startProgram(t, command, { hasCoverage: true, args: ['--port', '0', '--host', '::1'] })
  t.match(await credentialsOf(program), { url: /^http:\/\/\[::1\]:\d+$/ })
  t.equal(program.errors, '')
})

t.test('a port in use is reported', async (t) => {
  const { port } = new URL((await openCarrier(t)).url)
  const program = startProgram(t, command, { hasCoverage: true, args: ['--port', port] })
  t.equal(await program.wait(), 1)
  t.equal(program.errors, 'The port is in use: stop the process that listens there, or choose another --port\n')
})

for (const [args, error] of [
  [['--port', 'http'], /^--port is not a number/],
  [['--port', '65536'], /^--port is not a number/],
  [['--host', ''], /^--host is empty/],
  [['--account-sid', 'AC0'], /^--account-sid is not AC and 32/],
  [['--auth-token', ''], /^--auth-token is empty/],
  [['--api-key-sid', `SK${'0'.repeat(32)}`], /^--api-key-sid and --api-key-secret are needed together/],
  [['--api-key-secret', 'secret'], /^--api-key-sid and --api-key-secret are needed together/],
  [['--api-key-sid', `SK${'0'.repeat(32)}`, '--api-key-secret', ''], /^--api-key-sid and --api-key-secret are needed together/],
  [['--api-key-sid', 'SK0', '--api-key-secret', 'secret'], /^--api-key-sid is not SK and 32/],
  [['--colour', 'red'], /^Unknown option '--colour'/]
] as const) {
  t.test(`${args.join(' ')} is refused with the usage`, async (t) => {
    const program = startProgram(t, command, { hasCoverage: true, args })
    t.equal(await program.wait(), 1)
    t.match(program.errors, error)
    t.match(program.errors, /\nUsage: npm run carrier -- \[--port 4010\]/)
  })
}

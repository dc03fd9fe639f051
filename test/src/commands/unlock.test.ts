import { randomBytes } from 'node:crypto'
import t from 'tap'
import { serviceUrl } from '../../support/databases.ts'
import { build, createEnvironment, createPhone, postJson, readCode } from '../../support/helper.ts'
import { startProgram } from '../../support/program.ts'

t.jobs = 2

t.test('a number that was closed after wrong codes is reopened', async (t) => {
  const env = await createEnvironment(t, { REDIS_URL: serviceUrl('TEST_REDIS_URL'), PHONE_HASH_SECRET: randomBytes(32).toString('hex') })
  const app = await build(t, { env })
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const code = await readCode(app, phone)
  const wrong = code === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries++) await postJson(app, '/verify', { phone_number: phone, otp: wrong })
  t.match(await postJson(app, '/login', { phone_number: phone }), { status: 429, body: { code: 'CHR_OTP_LOCKED' } })

  const program = startProgram(t, 'src/commands/unlock.ts', { hasCoverage: true, args: [phone], env: { ...env, LOG_LEVEL: undefined } })
  t.equal(await program.wait(), 0)
  t.equal(program.output, `${phone} is unlocked\n`)
  t.match(await postJson(app, '/login', { phone_number: phone }), { status: 200 })
})

for (const [what, args, env, message] of [
  ['no number', [], { REDIS_URL: 'redis://x' }, 'Give a phone number: npm run unlock -- +918123456789\n'],
  ['something else than a number', ['hello'], { REDIS_URL: 'redis://x' }, 'Give a phone number: npm run unlock -- +918123456789\n'],
  [
    'a service without Redis',
    ['+918123456789'],
    {},
    'Without REDIS_URL the counts are in the memory of the service: restart it to reset them.\n'
  ]
] as const) {
  t.test(`${what} is refused`, async (t) => {
    const program = startProgram(t, 'src/commands/unlock.ts', { hasCoverage: true, args, env })
    t.equal(await program.wait(), 1)
    t.equal(program.errors, message)
  })
}

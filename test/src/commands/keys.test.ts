import t, { type Test } from 'tap'
import { createClock, createEnvironment, signUp } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'
import { getJwt, statusOf } from '../../support/jwts.ts'
import { startProgram } from '../../support/program.ts'

t.jobs = 3

const secret = 'first '.repeat(6).trim()

async function run (t: Test, env: Record<string, string | undefined>, ...args: string[]) {
  const program = startProgram(t, 'src/commands/keys.ts', { hasCoverage: true, args, env })
  return { code: await program.wait(), output: program.output, errors: program.errors }
}

t.test('npm run keys lists the keys, publishes a next one and prints the public set', async (t) => {
  const { env, start } = await createCluster(t)
  t.match(await run(t, env), { code: 0, output: 'There are no keys yet. The service makes them at its first start.\n' })
  t.same(JSON.parse((await run(t, env, 'public')).output), { keys: [] })
  const app = await start()
  const { id } = app.signingKeys.signer()
  const line = (kid: string, state: string) => `${kid}  ES256  ${state.padEnd(8)}  \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\n`
  t.match((await run(t, env)).output, new RegExp(`^${line(id, 'current')}$`))

  t.match((await run(t, env, 'rotate')).output, new RegExp(`^${line('[\\w-]{43}', 'next')}${line(id, 'current')}$`))
  t.match((await run(t, env, 'rotate')).output, /^A next key is published already, and signs from its time on\.\n/)
  await app.signingKeys.refresh()
  t.equal(app.signingKeys.signer().id, id, 'the next key does not sign yet')

  const { output } = await run(t, env, 'public')
  t.same(JSON.parse(output), (await app.inject('/.well-known/jwks.json')).json())
  await app.pg.pool.query('update signing_keys set signs_from = signs_from - interval \'25 hours\'')
  await app.signingKeys.refresh()
  t.not(app.signingKeys.signer().id, id)
  t.match((await run(t, env)).output, new RegExp(`^${line('[\\w-]{43}', 'current')}${line(id, 'previous')}$`))
})

t.test('npm run keys -- rotate --now withdraws the keys, and instances refuse their JWTs', async (t) => {
  const { env, start } = await createCluster(t)
  const app = await start()
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token)
  const { id } = app.signingKeys.signer()
  t.match(await run(t, env, 'rotate', '--now'), { code: 0, output: /^[\w-]{43} {2}ES256 {2}current .*\n$/ })
  await app.signingKeys.refresh()
  t.not(app.signingKeys.signer().id, id)
  t.equal(await statusOf(app, jwt), 401)
  t.equal(await statusOf(app, await getJwt(app, token)), 200)
  t.notMatch((await app.inject('/.well-known/jwks.json')).body, id)
})

t.test('rotate --now works while no instance can start, because the secret of the key is lost', async (t) => {
  const { env, start } = await createCluster(t)
  await (await start({ APP_SECRET: secret })).close()
  const APP_SECRET = secret.replaceAll('first', 'other')
  await t.rejects(start({ APP_SECRET }), { name: 'StartError' })
  t.match(await run(t, { ...env, APP_SECRET, JWT_ALGORITHM: 'EdDSA' }, 'rotate', '--now'), { code: 0, output: /EdDSA {2}current/ })
  t.equal((await start({ APP_SECRET }, createClock(Date.now() + 60_000))).signingKeys.signer().algorithm, 'EdDSA')
})

t.test('other arguments print the usage', async (t) => {
  const env = await createEnvironment(t)
  for (const args of [['destroy'], ['list', '--now'], ['public', '--now']]) {
    t.match(await run(t, env, ...args), { code: 1, output: '', errors: 'Usage: npm run keys -- [list | public | rotate [--now]]\n' }, args.join(' '))
  }
})

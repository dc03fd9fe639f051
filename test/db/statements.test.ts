import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import type { Session } from '../../db/tokens.ts'
import t from 'tap'
import { deleteExpiredTokens } from '../../plugins/maintenance/expired-tokens.ts'
import { scrubNextImage } from '../../plugins/maintenance/scrub.ts'
import { createCreative, imageForm, pathOf, replace } from '../support/forms.ts'
import { build, createPhone, readCode, signUp } from '../support/helper.ts'

// Processes of an earlier release use the database while an update runs, so their statements must still work on today's schema.
const folder = path.join(import.meta.dirname, '../fixtures/statements')
const unreleased = 'unreleased.sql'
const header = readFileSync(path.join(folder, unreleased), 'utf8').split('\n').filter((line) => line.startsWith('--')).join('\n')

function readStatements (file: string): string[] {
  return readFileSync(path.join(folder, file), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('--'))
}

/** Removes comments and line breaks, so that a changed layout is not a changed statement. */
function normalize (text: string): string {
  return `${text.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ').trim()};`
}

/** Records the statements that the service sends from now on. Only those have names. */
function recordStatements (): Set<string> {
  const sent = new Set<string>()
  const query = pg.Client.prototype.query
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const [request] = parameters as [Partial<pg.QueryConfig>]
    if (request.name?.startsWith('cheershare_') === true) sent.add(normalize(String(request.text)))
    return Reflect.apply(query, this, parameters)
  } as typeof query
  t.teardown(() => { pg.Client.prototype.query = query })
  return sent
}

const app = await build(t, { env: { SWEEP_SECONDS: '0', SCRUB_SECONDS: '0' } })
const sent = recordStatements()

await t.test('the main routes send statements', async (t) => {
  const session = await signUp(app)
  const creative = await createCreative(app, { ...session, headers: { 'idempotency-key': 'a-key-of-this-upload' } })
  const phone = createPhone()
  const { id } = creative
  const requests: Array<['GET' | 'POST' | 'PATCH' | 'DELETE', string, object?]> = [
    ['GET', '/me'], ['PATCH', '/me', { version: 1, name: 'Ravi' }], ['GET', '/sessions'], ['DELETE', '/sessions'],
    ['GET', '/scheduled'], ['GET', '/creatives'], ['GET', `/creatives/${id}`], ['PATCH', `/creatives/${id}`, { version: 1, title: 'Holi' }],
    ['GET', pathOf(creative.creative_url)], ['DELETE', `/creatives/${id}`], ['POST', `/creatives/${id}/restore`],
    ['POST', '/me/calendar-feed'], ['GET', '/me/calendar-feed'], ['GET', '/me/export'],
    ['POST', '/me/phone-number', { phone_number: phone }]
  ]
  const request = async ([method, url, payload]: (typeof requests)[number]) => {
    const response = await app.inject({
      method, url, headers: { authorization: session.authorization }, ...(payload === undefined ? {} : { payload })
    })
    t.ok(response.statusCode < 300, `${method} ${url} succeeds: ${response.statusCode}`)
    return response
  }
  for (const each of requests) {
    const response = await request(each)
    if (each[0] === 'POST' && each[1] === '/me/calendar-feed') await request(['GET', pathOf(response.json<{ url: string }>().url)])
  }
  await request(['POST', '/me/phone-number/verify', { otp: await readCode(app, phone) }])
  t.match(await replace(app, session, { id, parts: imageForm() }), { status: 200 })
  t.equal(await scrubNextImage(app), true)
  await deleteExpiredTokens(app)
  await app.signingKeys.refresh()
  const { token } = await app.accessTokens.sign((await app.tokens.findSession(session.token)) as Session, app.accessTokens.issuer)
  t.ok(await app.accessTokens.findSession(token, { isLive: true }))
  t.match(await app.introspect(session.token, app.accessTokens.issuer), { active: true })
  await request(['DELETE', '/me/calendar-feed'])
  await request(['DELETE', '/me'])
  // PREPARE accepts no statements of transactions.
  for (const statement of ['begin;', 'commit;', 'rollback;']) sent.delete(statement)
  // The clocks are compared every 5 s, so a fast run does not send this one.
  sent.delete('select clock_timestamp() as now;')
})

t.test('each statement of the current code is in a fixture', async (t) => {
  const released = new Set(readdirSync(folder).filter((file) => file !== unreleased).flatMap(readStatements))
  const added = [...sent].filter((statement) => !released.has(statement)).sort()
  if (process.env['UPDATE_STATEMENTS'] === '1') writeFileSync(path.join(folder, unreleased), [header, ...added, ''].join('\n\n'))
  const known = new Set([...released, ...readStatements(unreleased)])
  t.same(added.filter(
    (statement) => !known.has(statement)
  ), [], 'the fixture is up to date; otherwise run UPDATE_STATEMENTS=1 npm test -- test/db/statements.test.ts')
})

for (const file of readdirSync(folder)) {
  t.test(`today's schema accepts each statement of ${file}`, async (t) => {
    const client = await app.pg.pool.connect()
    for (const [index, statement] of readStatements(file).entries()) {
      await t.resolves(client.query(`prepare fixture_${index} as ${statement}`), statement)
    }
    await client.query('deallocate all')
    client.release(true)
  })
}

import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createCreative, creativeForm, pathOf, upload } from '../support/forms.ts'
import { build, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

async function scrape (app: FastifyInstance): Promise<Map<string, number>> {
  const { body } = await app.inject({ url: '/metrics' })
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

const requestCount = (method: string, route: string, status: number) =>
  `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`

t.test('GET /metrics reports the count and duration of requests by route template and status', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { creative_url: url } = await createCreative(app, session)
  await upload(app, session, creativeForm({ date: 'tomorrow' }))
  for (let times = 0; times < 3; times++) await app.inject({ url: pathOf(url) })
  await app.inject({ url: '/creatives/12345/image?expires=1&signature=x' })
  await app.inject({ url: '/protected' })
  const series = await scrape(app)
  t.equal(series.get(requestCount('POST', '/signup', 200)), 1)
  t.equal(series.get(requestCount('POST', '/upload-creative', 200)), 1)
  t.equal(series.get(requestCount('POST', '/upload-creative', 400)), 1)
  t.equal(series.get(requestCount('GET', '/creatives/:id/image', 200)), 3)
  t.equal(series.get(requestCount('GET', '/creatives/:id/image', 404)), 1)
  t.equal(series.get(requestCount('GET', '/protected', 401)), 1)
  t.equal(series.get('http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/creatives/:id/image",status="200"}'), 3)
})

t.test('unmatched URLs share one route label', async (t) => {
  const app = await build(t)
  for (let index = 0; index < 20; index++) await app.inject({ method: index % 2 === 0 ? 'GET' : 'DELETE', url: `/secret-${index}` })
  await app.inject({ method: 'DELETE', url: '/login' })
  const series = await scrape(app)
  t.equal(series.get(requestCount('any', 'unmatched', 404)), 20)
  t.equal(series.get(requestCount('any', 'unmatched', 405)), 1)
  t.notOk([...series.keys()].some((name) => name.includes('secret')))
})

t.test('SMS are counted by outcome', async (t) => {
  const app = await build(t)
  const sms = (outcome: string) => `cheershare_sms_total{outcome="${outcome}"}`
  const before = await scrape(app)
  for (const outcome of ['sent', 'retried', 'failed', 'dropped', 'abandoned']) t.equal(before.get(sms(outcome)), 0, outcome)
  app.carrier?.faults.add({ fault: { kind: 'refuse', status: 400, code: 21610 }, times: 1 })
  const phone = createPhone()
  await postJson(app, '/login', { phone_number: phone })
  await until('the refused SMS is counted', async () => (await scrape(app)).get(sms('failed')) === 1)
  const other = createPhone()
  await postJson(app, '/login', { phone_number: other })
  await readCode(app, other)
  await until('the sent SMS is counted', async () => (await scrape(app)).get(sms('sent')) === 1)
})

t.test('GET /metrics reports the event loop lag and the connections of the pool', async (t) => {
  const app = await build(t)
  const clients = await Promise.all([1, 2].map(async () => await app.pg.pool.connect()))
  const series = await scrape(app)
  t.ok(series.has('nodejs_eventloop_lag_seconds'))
  t.equal(series.get('cheershare_postgres_pool{state="busy"}'), 2)
  t.equal(series.get('cheershare_postgres_pool{state="waiting"}'), 0)
  for (const client of clients) client.release()
  t.equal((await scrape(app)).get('cheershare_postgres_pool{state="busy"}'), 0)
})

t.test('metrics contain no phone number, code, token or name, and have the content type of Prometheus', async (t) => {
  const app = await build(t)
  const { phone, token } = await signUp(app, { name: 'Ashalata' })
  const { body, headers } = await app.inject({ url: '/metrics' })
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/)
  for (const secret of [phone.slice(1), token, 'Ashalata', await readCode(app, phone)]) t.notOk(body.includes(secret))
})

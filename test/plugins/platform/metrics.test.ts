import Fastify from 'fastify'
import t, { type Test } from 'tap'
import metrics, { type SmsOutcome } from '../../../plugins/platform/metrics/index.ts'

async function buildCounted (t: Test) {
  const app = Fastify()
  await app.register(metrics)
  app.get('/items/:id', async () => 'item')
  t.teardown(async () => { await app.close() })
  return app
}

t.test('without a database, requests are counted and the pool has no values', async (t) => {
  const app = await buildCounted(t)
  const text = await app.metrics.expose()
  t.notMatch(text, /^cheershare_postgres_pool\{/m)
  t.match(text, /^process_cpu_seconds_total/m)
})

t.test('each outcome of an SMS has its own counter, which starts at 0', async (t) => {
  const app = await buildCounted(t)
  const outcomes: SmsOutcome[] = ['sent', 'retried', 'failed', 'dropped', 'abandoned']
  for (const [times, outcome] of outcomes.entries()) {
    for (let count = 0; count < times; count++) app.metrics.countSms(outcome)
  }
  const text = await app.metrics.expose()
  for (const [times, outcome] of outcomes.entries()) t.ok(text.includes(`cheershare_sms_total{outcome="${outcome}"} ${times}\n`), outcome)
})

t.test('every request is counted once, however many requests precede a scrape', async (t) => {
  const app = await buildCounted(t)
  app.route({ method: ['GET', 'PUT'], url: '/both', handler: async () => 'both' })
  const started = performance.now()
  for (let index = 0; index < 600; index++) await app.inject({ url: '/items/1', method: index % 3 === 0 ? 'HEAD' : 'GET' })
  const seconds = (performance.now() - started) / 1000
  for (const method of ['GET', 'PUT', 'PUT'] as const) await app.inject({ url: '/both', method })
  for (let time = 0; time < 2; time++) {
    const text = await app.metrics.expose()
    for (const [method, count] of [['GET', 400], ['HEAD', 200]] as const) {
      const labels = `method="${method}",route="/items/:id",status="200"`
      t.ok(text.includes(`http_request_duration_seconds_count{${labels}} ${count}\n`), method)
      t.ok(text.includes(`http_request_duration_seconds_bucket{le="30",${labels}} ${count}\n`), `${method} in buckets`)
      const sum = Number(new RegExp(`_sum\\{${labels}\\} (.+)`).exec(text)?.[1])
      t.ok(sum > 0 && sum < seconds, `${sum} of ${seconds} seconds`)
    }
    for (const [method, count] of [['GET', 1], ['PUT', 2]] as const) {
      t.ok(text.includes(
        `http_request_duration_seconds_count{method="${method}",route="/both",status="200"} ${count}\n`
      ), `${method} of a route with two methods`)
    }
  }
})

t.test('instances in one process have separate metrics', async (t) => {
  const [first, second] = [await buildCounted(t), await buildCounted(t)]
  for (const id of ['1', '2', '3']) await first.inject({ url: `/items/${id}` })
  const count = /^http_request_duration_seconds_count\{method="GET",route="\/items\/:id",status="200"\} 3$/m
  t.match(await first.metrics.expose(), count)
  t.notMatch(await second.metrics.expose(), /items/)
})

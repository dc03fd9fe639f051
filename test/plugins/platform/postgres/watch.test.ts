import pg from 'pg'
import t from 'tap'
import { watchServer } from '../../../../plugins/platform/postgres/watch.ts'
import { until } from '../../../support/polling.ts'
import { spyOnPostgres } from '../../../support/connection-spy.ts'

const probeMs = 1000

t.test('the watch reports a lost server, calls the listeners, and reports the return of the server', async (t) => {
  const { proxy, env } = await spyOnPostgres(t)
  const changes: Array<string | undefined> = []
  const watch = watchServer({ connectionString: env['DATABASE_URL'] }, probeMs, (reason) => { changes.push(reason?.name) })
  t.same([watch.reason, watch.count], [undefined, 0])
  const called: string[] = []
  watch.onDown(() => { called.push('listener') })
  const remove = watch.onDown(() => { called.push('removed listener') })
  remove()

  await proxy.cut()
  await until('the watch sees the loss', () => watch.reason !== undefined)
  t.same([called, watch.count], [['listener'], 1])
  await proxy.restore()
  await until('the watch sees the server', () => watch.reason === undefined)
  t.same(changes, ['Error', undefined])

  await proxy.cut()
  await until('the watch sees the second loss', () => watch.reason !== undefined)
  await watch.stop()
})

t.test('a frozen server is down after the timeout of a probe, and stop does not wait for the probe', async (t) => {
  const { proxy, env } = await spyOnPostgres(t)
  let isUp = false
  const watch = watchServer({ connectionString: env['DATABASE_URL'] }, probeMs, (reason) => { isUp = reason === undefined })
  await proxy.cut()
  await until('the watch sees the loss', () => watch.reason !== undefined)
  await proxy.restore()
  await until('the watch is connected', () => isUp)
  await proxy.cut()
  await until('the watch sees the second loss', () => !isUp)
  await proxy.restore()
  await until('the watch is connected again', () => isUp)
  proxy.freeze()
  await until('the watch sees the frozen server', () => watch.reason?.message === `no answer within ${probeMs} ms`)
  t.equal(watch.count, 3)
  await watch.stop()
})

t.test('a connection that is lost while the server is up is not an outage', async (t) => {
  const { url } = await spyOnPostgres(t)
  const watch = watchServer({ connectionString: url }, probeMs, () => {})
  const direct = new pg.Client({ connectionString: url })
  await direct.connect()
  const others = 'from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  const findOther = async () => (await direct.query<{ pid: number }>(`select pid ${others}`)).rows[0]?.pid
  await until('the watch is connected', async () => await findOther() !== undefined)
  const first = await findOther()
  await direct.query(`select pg_terminate_backend(pid) ${others}`)
  await until('the watch has another connection', async () => ![undefined, first].includes(await findOther()))
  t.same([watch.reason, watch.count], [undefined, 0])
  await watch.stop()
  await direct.end()
})

t.test('a probe without a reply is no outage while the server executes statements', async (t) => {
  const { proxy, env } = await spyOnPostgres(t)
  let isUp = false
  const watch = watchServer({ connectionString: env['DATABASE_URL'] }, 100, (reason) => { isUp = reason === undefined })
  await proxy.cut()
  await until('the watch sees the loss', () => watch.reason !== undefined)
  await proxy.restore()
  await until('the watch is connected', () => isUp)
  const executing = setInterval(() => { watch.replies += 1 }, 1)
  t.teardown(() => { clearInterval(executing) })
  proxy.freeze()
  const { count } = watch
  const known = watch.replies
  await until('several probes would have failed', () => watch.replies > known + 300)
  t.same([watch.reason, watch.count], [undefined, count])
  clearInterval(executing)
  await until('the watch sees the frozen server', () => watch.reason !== undefined)
  await watch.stop()
})

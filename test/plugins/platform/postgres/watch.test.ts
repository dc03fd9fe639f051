import pg from 'pg'
import t from 'tap'
import { watchServer } from '../../../../plugins/platform/postgres/watch.ts'
import { until } from '../../../support/polling.ts'
import { wirePostgres } from '../../../support/connection-spy.ts'

const probeMs = 1000

t.test('a lost server is noticed, ends what waits for it, and is noticed again when it is back', async (t) => {
  const { proxy, env } = await wirePostgres(t)
  const changes: Array<string | undefined> = []
  const watch = watchServer({ connectionString: env['DATABASE_URL'] }, probeMs, (reason) => { changes.push(reason?.name) })
  t.same([watch.reason, watch.count], [undefined, 0])
  const ended: string[] = []
  watch.onDown(() => { ended.push('waits') })
  const remove = watch.onDown(() => { ended.push('does not wait any more') })
  remove()

  await proxy.cut()
  await until('the watch sees the loss', () => watch.reason !== undefined)
  t.same([ended, watch.count], [['waits'], 1])
  await proxy.restore()
  await until('the watch sees the server', () => watch.reason === undefined)
  t.same(changes, ['Error', undefined])

  await proxy.cut()
  await until('the watch sees the second loss', () => watch.reason !== undefined)
  await watch.stop()
})

t.test('a frozen server is down after the time of a probe, and stop does not wait for it', async (t) => {
  const { proxy, env } = await wirePostgres(t)
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
  await until('the watch sees that nothing is answered', () => watch.reason?.message === `no answer within ${probeMs} ms`)
  t.equal(watch.count, 3)
  await watch.stop()
})

t.test('a connection that is lost while the server is up is no outage', async (t) => {
  const { url } = await wirePostgres(t)
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

import fp from 'fastify-plugin'
import { sql } from 'kysely'
import { followServerClock } from '../../src/process/server-clock.ts'

/** Makes `rowClock` follow the clock of PostgreSQL, by which the sessions of all instances begin and end. */
export default fp(async (fastify) => {
  const { db, clock, rowClock } = fastify
  if (clock.isSimulated === true) return

  async function measure (): Promise<number> {
    const before = Date.now()
    const { rows: [row] } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
    return Number(row?.now) - (before + Date.now()) / 2
  }

  await followServerClock(fastify, { server: 'postgres', clock: rowClock, measure })
}, { name: 'row-clock', dependencies: ['postgres', 'health'], fastify: '5.x' })

import { sql, type Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** The right of one holder to do a task until it expires, by the clock of the database. */
export interface Lease {
  /** Name of the task. */
  name: string
  /** UUID of the holder. */
  holder: string
  /** Time until the lease expires. */
  seconds: number
}

/** Acquires a lease, or renews the holder's own. Returns false while another holder has it. */
export async function acquireLease (db: Kysely<Database>, { name, holder, seconds }: Lease): Promise<boolean> {
  const { rows } = await sql`
    insert into leases (name, holder, expires_at) values (${name}, ${holder}, now() + make_interval(secs => ${seconds}))
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where leases.expires_at < now() or leases.holder = excluded.holder returning name`.execute(db)
  return rows.length > 0
}

/** Ends a lease, if the holder still has it. */
export async function releaseLease (db: Kysely<Database>, { name, holder }: Omit<Lease, 'seconds'>): Promise<void> {
  await sql`delete from leases where name = ${name} and holder = ${holder}`.execute(db)
}

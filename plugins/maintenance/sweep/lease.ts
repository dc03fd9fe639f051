import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { acquireLease, releaseLease } from '../../../db/leases.ts'
import type { Database } from '../../../db/schema.ts'

const name = 'sweep'
/** A sweep whose process was killed blocks others for this time. */
const leaseSeconds = 60
const renewalMs = 20_000

/**
 * Runs work while this process has the lease of the sweep. Returns `undefined` without running the work if another process has it.
 * The signal is aborted when another process has acquired the lease, because this one was suspended for longer than the lease.
 */
export async function withLease<T> (db: Kysely<Database>, work: (lost: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const lease = { name, holder: randomUUID(), seconds: leaseSeconds }
  if (!await acquireLease(db, lease)) return undefined
  const lost = new AbortController()

  const timer = setInterval(() => {
    acquireLease(db, lease).then((isHeld) => {
      if (!isHeld) lost.abort(new Error('another process has taken over the sweep'))
    }, () => {
      // A failed statement proves nothing about the lease. It is renewed again, and the work fails by itself without a database.
    })
  }, renewalMs).unref()
  try {
    return await work(lost.signal)
  } finally {
    clearInterval(timer)
    await releaseLease(db, lease)
  }
}

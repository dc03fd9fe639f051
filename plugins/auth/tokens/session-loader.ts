import { findSessionsById, type Session } from '../../../db/tokens.ts'
import { authenticationScope } from '../../../src/domain/auth/token.ts'
import { createBatchQueue } from '../../../src/process/batch-queue.ts'
import type { Clock } from '../../../src/process/clock.ts'
import type { GuardedPool } from '../../platform/postgres/guard.ts'

/**
 * Creates a function that finds a session by its id, for requests with a JWT. Concurrent requests share a query, as those with a token
 * do; the verification of the signature costs far more than the connection, which is therefore not retained.
 */
export function createSessionLoader (
  { connections, clock }: { connections: GuardedPool, clock: Clock }
): (id: number) => Promise<Session | undefined> {
  return createBatchQueue<number, Session | undefined>({
    async run (ids) {
      const connection = await connections.connect()
      try {
        return await findSessionsById(connection, ids, { scope: authenticationScope, now: new Date(clock.now()) })
      } finally {
        connection.release()
      }
    }
  })
}

import t from 'tap'
import { UnavailableError } from '../../src/http/errors.ts'
import { isConnectionLoss, isRolledBack, isUnavailable } from '../../db/errors.ts'

for (const [what, error, expected] of [
  ['a broken connection', new Error('Connection terminated unexpectedly'), { isLost: true, isUnavailable: true }],
  ['a refused connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), { isLost: true, isUnavailable: true }],
  ['08006 connection_failure', { code: '08006' }, { isLost: true, isUnavailable: true }],
  ['57P01 admin_shutdown', { code: '57P01' }, { isLost: true, isUnavailable: true }],
  ['57P05 idle_session_timeout', { code: '57P05' }, { isLost: true, isUnavailable: true }],
  ['53300 too_many_connections', { code: '53300' }, { isLost: false, isUnavailable: true }],
  ['57014 query_canceled', { code: '57014' }, { isLost: false, isUnavailable: true }],
  ['40P01 deadlock_detected', { code: '40P01' }, { isLost: false, isUnavailable: true }],
  ['55P03 lock_not_available', { code: '55P03' }, { isLost: false, isUnavailable: true }],
  ['25P03 idle_in_transaction_session_timeout', { code: '25P03' }, { isLost: false, isUnavailable: true }],
  ['23505 unique_violation', { code: '23505' }, { isLost: false, isUnavailable: false }],
  ['42601 syntax_error', { code: '42601' }, { isLost: false, isUnavailable: false }]
] as const) {
  t.test(`${what}: the server is ${expected.isUnavailable ? 'unavailable' : 'available'} and the connection is ${expected.isLost ? 'lost' : 'usable'}`, async (t) => {
    const thrown = error instanceof Error ? error : Object.assign(new Error('of PostgreSQL'), error)
    t.equal(isConnectionLoss(thrown), expected.isLost)
    t.equal(isUnavailable(thrown), expected.isUnavailable)
    for (const error of [thrown, new UnavailableError('postgres', thrown)]) t.equal(isRolledBack(error), !expected.isLost)
  })
}

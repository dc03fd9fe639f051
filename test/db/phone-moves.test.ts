import t, { type Test } from 'tap'
import { changePhone, listPhoneOwners, listReleasedAccounts } from '../../db/phone-moves.ts'
import { registerWithTokens } from '../../db/registrations.ts'
import { findUser, updateUser } from '../../db/users.ts'
import { createPhone } from '../support/helper.ts'
import { loginDate, newRegistration, openDatabase } from './connect.ts'

const now = new Date('2030-01-01T00:00:00Z')

/** Registers a mover, and an owner of the number that the mover wants. */
async function prepare (t: Test, { isTest = false } = {}) {
  const db = await openDatabase(t)
  const phone = createPhone()
  const [[mover], [owner]] = [
    await registerWithTokens(db, [newRegistration({ phoneNumber: createPhone(), name: 'Ravi' })]),
    await registerWithTokens(db, [newRegistration({ phoneNumber: phone, name: 'Asha', isTest })])
  ]
  if (mover === undefined || owner === undefined) throw new Error('no account')
  const move = async (takesOver: boolean, userId = mover.id) =>
    await changePhone(db, { userId, phoneNumber: phone, sessionId: 1, scope: 'authentication', now, takesOver })
  return { db, phone, mover, owner, move }
}

t.test('a move without a take-over, or to the number of a test account, violates the unique number and changes nothing', async (t) => {
  for (const [isTest, takesOver] of [[false, false], [true, false], [true, true]] as const) {
    const { phone, owner, move, db } = await prepare(t, { isTest })
    await t.rejects(move(takesOver), { code: '23505' })
    t.strictSame(await listPhoneOwners(db, phone), [{ id: owner.id, isTest }])
    t.match(await findUser(db, owner.id), { sessions_epoch: 0, version: 1 })
  }
})

t.test('a released account is found by nothing but the list of released accounts', async (t) => {
  const { db, phone, mover, owner, move } = await prepare(t)
  t.match(await move(true), { user: { id: mover.id, phone_number: phone, version: 2 }, released: [{ id: owner.id, sessions: 1 }] })
  t.strictSame(await listPhoneOwners(db, phone), [{ id: mover.id, isTest: false }])
  t.equal(await findUser(db, owner.id), undefined)
  t.equal(await updateUser(db, { id: owner.id, version: 2, changes: { name: 'Usha' } }), undefined)
  t.strictSame(await listReleasedAccounts(db, { before: now, limit: 10 }), [])
  t.strictSame(await listReleasedAccounts(db, { before: new Date(now.getTime() + 1000), limit: 10 }), [owner.id])
})

t.test('an account that was deleted or has lost its own number cannot move', async (t) => {
  const { move, owner, mover, db } = await prepare(t)
  t.equal(await move(true, 987_654), undefined)
  await changePhone(db, { userId: owner.id, phoneNumber: mover.phone_number, sessionId: 2, scope: 'authentication', now, takesOver: true })
  t.equal(await move(true), undefined)
})

t.test('a login that read the number before the move begins no session after it', async (t) => {
  for (const epochOfOwner of [0, 7]) {
    const { db, phone, owner, move } = await prepare(t)
    await db.updateTable('users').set({ sessions_epoch: epochOfOwner }).where('id', '=', owner.id).execute()
    await move(true)
    for (const name of [undefined, 'Asha']) {
      t.strictSame(await registerWithTokens(db, [newRegistration({ phoneNumber: phone, name, sessionsEpoch: epochOfOwner })]), [undefined])
    }
  }
})

t.test('a sign-up that read no account before the move of another account to its number begins no session after it', async (t) => {
  const { db, mover } = await prepare(t)
  const phone = createPhone()
  await changePhone(db, { userId: mover.id, phoneNumber: phone, sessionId: 1, scope: 'authentication', now: loginDate, takesOver: false })
  t.strictSame(await registerWithTokens(db, [newRegistration({ phoneNumber: phone, name: 'Mallory' })]), [undefined])
})

import type { Test } from 'tap'
import { testAnswers } from './otp-store/answers.ts'
import type { MakeStore } from './otp-store/number.ts'
import { testDevices } from './otp-store/devices.ts'
import { testPurposes } from './otp-store/purposes.ts'
import { testRaces } from './otp-store/races.ts'
import { testResends } from './otp-store/resends.ts'
import { testSends } from './otp-store/sends.ts'
import { testLockouts } from './otp-store/lockouts.ts'

/** Tests the contract of every OTP store. */
export function testOtpStore (t: Test, makeStore: MakeStore): void {
  t.test('sends', async (t) => { testSends(t, makeStore) })
  t.test('resends', async (t) => { testResends(t, makeStore) })
  t.test('answers', async (t) => { testAnswers(t, makeStore) })
  t.test('lockouts', async (t) => { testLockouts(t, makeStore) })
  t.test('devices', async (t) => { testDevices(t, makeStore) })
  t.test('purposes', async (t) => { testPurposes(t, makeStore) })
  t.test('races', async (t) => { testRaces(t, makeStore) })
}

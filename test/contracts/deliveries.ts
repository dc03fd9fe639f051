import type { Test } from 'tap'
import { testAttempts } from './deliveries/attempts.ts'
import { testReceipts } from './deliveries/receipts.ts'
import { testRaces } from './deliveries/races.ts'
import type { MakeStore } from './deliveries/delivery.ts'

/** Tests the contract of every store of deliveries. */
export function testDeliveries (t: Test, makeStore: MakeStore): void {
  t.test('attempts', async (t) => { testAttempts(t, makeStore) })
  t.test('receipts', async (t) => { testReceipts(t, makeStore) })
  t.test('races', async (t) => { testRaces(t, makeStore) })
}

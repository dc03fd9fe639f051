import type { Test } from 'tap'
import { testClients } from './limits/clients.ts'
import { testReturns } from './limits/returns.ts'
import { testWindows } from './limits/windows.ts'
import type { OpenWorld } from './limits/world.ts'

/** What the limits promise, whatever counts them. */
export function testLimits (t: Test, openWorld: OpenWorld): void {
  t.test('windows', async (t) => { testWindows(t, openWorld) })
  t.test('clients', async (t) => { testClients(t, openWorld) })
  t.test('returns', async (t) => { testReturns(t, openWorld) })
}

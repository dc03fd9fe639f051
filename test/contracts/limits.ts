import type { Test } from 'tap'
import { testClients } from './limits/clients.ts'
import { testReleases } from './limits/releases.ts'
import { testWindows } from './limits/windows.ts'
import type { OpenFixture } from './limits/fixture.ts'

/** Tests the contract of `Limits` on any store. */
export function testLimits (t: Test, openFixture: OpenFixture): void {
  t.test('windows', async (t) => { testWindows(t, openFixture) })
  t.test('clients', async (t) => { testClients(t, openFixture) })
  t.test('releases', async (t) => { testReleases(t, openFixture) })
}

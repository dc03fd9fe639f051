import type { Test } from 'tap'
import type { OpenStore } from './blob-store/files.ts'
import { testKeys } from './blob-store/keys.ts'
import { testLists } from './blob-store/lists.ts'
import { testPuts } from './blob-store/puts.ts'
import { testReads } from './blob-store/reads.ts'

/** Tests the contract of every blob store. */
export function testBlobStore (t: Test, openStore: OpenStore): void {
  t.test('puts', async (t) => { testPuts(t, openStore) })
  t.test('reads', async (t) => { testReads(t, openStore) })
  t.test('lists', async (t) => { testLists(t, openStore) })
  t.test('keys', async (t) => { testKeys(t, openStore) })
}

import { readFile, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { createFolderWriter, executePlan, openSource } from '../../../../plugins/creatives/images/write.ts'
import { DerivativePlan } from '../../../../src/domain/creatives/images/derivative-plan.ts'

t.test('a plan is executed in chunks of one size, which do not depend on the sizes of its parts', async (t) => {
  const folder = t.testdir()
  const file = path.join(folder, 'source')
  const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251))
  await writeFile(file, bytes)
  const source = await openSource(file)
  t.teardown(async () => { await source.close() })
  const plan = new DerivativePlan()
  plan.copy(0, 10)
  plan.copy(10, 500_000)
  plan.insert(Buffer.from('between'))
  plan.copy(400_000, 600_000)
  const writer = createFolderWriter(folder)
  const written = await writer.write(executePlan(plan, source))
  t.ok((await readFile(written.path)).equals(Buffer.concat([bytes.subarray(0, 500_000), Buffer.from('between'), bytes.subarray(400_000)])))
  const lengths = []
  for await (const chunk of executePlan(plan, source)) lengths.push(chunk.length)
  t.same(lengths, [524_288, 175_719])
})

t.test('a file that is truncated while it is read is a storage failure, not a broken image', async (t) => {
  const file = path.join(t.testdir({ source: 'ten bytes.' }), 'source')
  const source = await openSource(file)
  t.teardown(async () => { await source.close() })
  await truncate(file, 5)
  await t.rejects(source.read(0, 10), { code: 'CHR_UNAVAILABLE', dependency: 'storage' })
})

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { startProgram } from '../../support/program.ts'

async function run (t: Test, env: Record<string, string>) {
  const program = startProgram(t, 'src/commands/openapi.ts', { hasCoverage: true, env })
  t.equal(await program.wait(), 0)
  return program.output
}

t.test('the command prints the document with the address of the service', async (t) => {
  const committed = await readFile(path.resolve(import.meta.dirname, '../../../docs/openapi.json'), 'utf8')
  t.equal(await run(t, {}), committed)
  t.equal(await run(t, { PUBLIC_URL: '' }), committed)
  const output = await run(t, { PUBLIC_URL: 'https://example.com/api/' })
  t.match(JSON.parse(output), { openapi: '3.1.0', servers: [{ url: 'https://example.com/api' }] })
  t.notMatch(output, '127.0.0.1:4000')
})

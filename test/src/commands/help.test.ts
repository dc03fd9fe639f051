import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { startProgram } from '../../support/program.ts'

/** npm runs these itself. */
const hooks = ['prepublishOnly']

t.test('help lists every npm script, one per line', async (t) => {
  const { scripts } = JSON.parse(
    await readFile(path.resolve(import.meta.dirname, '../../../package.json'), 'utf8')
  ) as { scripts: Record<string, string> }
  const program = startProgram(t, 'src/commands/help.ts', { hasCoverage: true })
  t.equal(await program.wait(), 0)
  const lines = program.output.trimEnd().split('\n')
  const listed = lines.map((line) => /^npm (?:run )?(\S+)(?: -- [A-Z]+)? {2,}\S/.exec(line)?.[1])
  t.same(listed.toSorted(), Object.keys(scripts).filter((name) => !hooks.includes(name)).toSorted())
})

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { configTable, envExample, withConfigTable } from '../../../src/commands/config-docs.ts'
import { ConfigSchema } from '../../../src/config/index.ts'

const root = path.resolve(import.meta.dirname, '../../..')

t.test('every variable has its row and its line, with default and meaning', async (t) => {
  for (const [name, schema] of Object.entries(ConfigSchema.properties)) {
    t.match(configTable(), `| \`${name}\` | ${schema.default === undefined ? '' : `\`${schema.default}\``} | ${schema.description} |`)
    t.match(envExample(), `# ${schema.description}\n# ${name}=${schema.default ?? ''}\n`)
  }
})

t.test('the table replaces what stands between the marks, and nothing else', async (t) => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8')
  t.equal(withConfigTable(readme.replace(configTable(), 'an old table')), readme)
  t.match(withConfigTable('A README without marks.\n'), /^A README without marks\.\n<!-- .* -->\n\| variable /, 'else it goes to the end')
})

t.test('the command writes both files', async (t) => {
  const written = new Map<string, string>()
  await t.mockImport('../../../src/commands/docs.ts', {
    'node:fs/promises': { readFile, writeFile: async (file: string, text: string) => { written.set(path.relative(root, file), text) } }
  })
  t.same([...written.keys()], ['.env.example', 'README.md'])
  t.equal(written.get('.env.example'), envExample())
  t.match(written.get('README.md'), configTable())
})

t.test('what is written is what the schema says today', async (t) => {
  t.equal(await readFile(path.join(root, '.env.example'), 'utf8'), envExample())
  t.match(await readFile(path.join(root, 'README.md'), 'utf8'), configTable())
})

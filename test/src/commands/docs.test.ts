import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { configurationPage, envExample } from '../../../src/commands/config-docs.ts'
import { allSettings } from '../../../src/config/settings.ts'

const root = path.resolve(import.meta.dirname, '../../..')

t.test('every variable has a row in the page and a line in .env.example, with default and description', async (t) => {
  t.ok(allSettings.length > 60)
  for (const { name, initial, description } of allSettings) {
    t.match(configurationPage(), `| \`${name}\` | ${initial === undefined ? '' : `\`${initial}\``} | ${description} |`)
    t.match(envExample(), `# ${description}\n# ${name}=${initial ?? ''}\n`)
  }
})

t.test('the command writes both files', async (t) => {
  const written = new Map<string, string>()
  await t.mockImport('../../../src/commands/docs.ts', {
    'node:fs/promises': { readFile, writeFile: async (file: string, text: string) => { written.set(path.relative(root, file), text) } }
  })
  t.same([...written.keys()], ['.env.example', 'docs/configuration.md'])
  t.equal(written.get('.env.example'), envExample())
  t.equal(written.get('docs/configuration.md'), configurationPage())
})

t.test('the committed files match the current settings', async (t) => {
  t.equal(await readFile(path.join(root, '.env.example'), 'utf8'), envExample())
  t.equal(await readFile(path.join(root, 'docs/configuration.md'), 'utf8'), configurationPage())
  const readme = await readFile(path.join(root, 'README.md'), 'utf8')
  t.match(readme, '(docs/configuration.md)')
})

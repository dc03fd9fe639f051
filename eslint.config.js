import neostandard from 'neostandard'
import { plugin as typescript } from 'typescript-eslint'
import imports from './eslint.imports.js'

export default [
  ...neostandard({ ts: true, noJsx: true, ignores: ['.data/', '.tap/', 'dist/', 'node_modules/', 'src/client/api.ts', 'test/document/generated/'] }),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': typescript },
    rules: {
      // tap awaits its subtests.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafePromises: [{ from: 'package', name: 'PromiseWithSubtest', package: '@tapjs/core' }] }],
      '@typescript-eslint/no-explicit-any': 'error'
    }
  },
  ...imports
]

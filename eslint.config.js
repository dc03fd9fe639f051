import neostandard from 'neostandard'
import { plugin as typescript } from 'typescript-eslint'

export default [
  ...neostandard({ ts: true, noJsx: true, ignores: ['.data/', '.tap/', 'node_modules/', 'tap-snapshots/'] }),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': typescript },
    rules: {
      // tap keeps its subtests itself.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafePromises: [{ from: 'package', name: 'PromiseWithSubtest', package: '@tapjs/core' }] }],
      '@typescript-eslint/no-explicit-any': 'error'
    }
  }
]

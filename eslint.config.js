import neostandard from 'neostandard'
import { plugin as typescript } from 'typescript-eslint'

export default [
  ...neostandard({ ts: true, noJsx: true, ignores: ['.data/', '.tap/', 'node_modules/'] }),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': typescript },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error'
    }
  }
]

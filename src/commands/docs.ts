import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { configurationPage, envExample } from './config-docs.ts'

/** Writes the documentation of the settings from their definitions: `npm run docs`. */
const root = path.resolve(import.meta.dirname, '../..')

await writeFile(path.join(root, '.env.example'), envExample())
await writeFile(path.join(root, 'docs/configuration.md'), configurationPage())

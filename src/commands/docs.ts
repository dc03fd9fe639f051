import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { envExample, withConfigTable } from './config-docs.ts'

/** Writes what the documentation says about configuration anew from the schema. */
const root = path.resolve(import.meta.dirname, '../..')
const readme = path.join(root, 'README.md')

await writeFile(path.join(root, '.env.example'), envExample())
await writeFile(readme, withConfigTable(await readFile(readme, 'utf8')))

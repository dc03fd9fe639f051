import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { packageFolder } from '../process/package-info.ts'

/**
 * Prints the OpenAPI document, with PUBLIC_URL as its server if it is set. The routes need a database, so the document comes from the
 * file that a test compares with them.
 */
const text = await readFile(path.join(packageFolder, 'docs/openapi.json'), 'utf8')
const { servers: [{ url }] } = JSON.parse(text) as { servers: [{ url: string }] }
process.stdout.write(text.replaceAll(url, process.env['PUBLIC_URL']?.replace(/\/+$/, '') || url))

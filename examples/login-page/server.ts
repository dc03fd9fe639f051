import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Serves the login page and the modules of the client, without a bundler: the browser gets TypeScript files without their types. */
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.ts': 'text/javascript' }
const folder = import.meta.dirname
const clientFolder = path.resolve(folder, '../../src/client')
const openapiFetch = fileURLToPath(import.meta.resolve('openapi-fetch'))

function findFile (url: string): string {
  const name = path.basename(url)
  if (url === '/openapi-fetch.js') return openapiFetch
  if (url === `/client/${name}`) return path.join(clientFolder, name)
  return path.join(folder, name === '' ? 'index.html' : name)
}

/** Creates the server of the example. It reads a few files of this repository and is not meant for production. */
export function createPageServer (): Server {
  return createServer((request, response) => {
    const file = findFile(new URL(request.url ?? '/', 'http://localhost').pathname)
    readFile(file, 'utf8').then((text) => {
      const extension = path.extname(file)
      response.writeHead(200, { 'content-type': types[extension] ?? 'text/javascript' })
      response.end(extension === '.ts' ? stripTypeScriptTypes(text) : text)
    }, () => { response.writeHead(404).end() })
  })
}

if (import.meta.main) {
  const port = Number(process.env['PORT'] ?? 4100)
  createPageServer().listen(port, '127.0.0.1', () => {
    process.stdout.write(`The login page is at http://127.0.0.1:${port}\n`)
  })
}

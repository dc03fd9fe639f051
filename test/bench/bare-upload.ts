import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

/** The ceiling for uploads: a server that only streams the body to a file. */
createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end('ready')
    return
  }
  const file = path.join(process.env['DATA_DIR'] ?? tmpdir(), randomUUID())
  pipeline(request, createWriteStream(file, { highWaterMark: 1024 * 1024 })).then(async () => {
    response.end('stored')
    // Writing to new disk pages takes equally long for every server, and far longer than all other work.
    await unlink(file)
  }, () => { response.destroy() })
}).listen(Number(process.env['PORT']), '127.0.0.1')

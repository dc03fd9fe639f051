import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

/** The least that Node can do for an upload: the body goes to a file as it comes. */
createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end('ready')
    return
  }
  const file = path.join(process.env['DATA_DIR'] ?? tmpdir(), randomUUID())
  pipeline(request, createWriteStream(file, { highWaterMark: 1024 * 1024 })).then(async () => {
    response.end('taken')
    // New files on fresh pages cost every server alike, and many times what the rest does.
    await unlink(file)
  }, () => { response.destroy() })
}).listen(Number(process.env['PORT']), '127.0.0.1')

import { once } from 'node:events'
import t from 'tap'
import { build, signUp } from '../../support/helper.ts'
import { listen, openSocket, parseReply, readAll } from '../../support/sockets.ts'

/* /forward-auth is the route that ignores bodies. */
const app = await build(t)
const port = await listen(app)
const { authorization } = await signUp(app)
const size = 20_000_000

const head = (method: string, ...lines: string[]) => [`${method} /forward-auth HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n')

for (const [title, lines, status] of [['accepted', [`Authorization: ${authorization}`], 204], ['refused', [], 401]] as const) {
  for (const type of ['image/png', 'application/json', 'multipart/form-data', 'not a type', undefined]) {
    const headers = [...lines, ...(type === undefined ? [] : [`Content-Type: ${type}`])]
    t.test(`a body of ${type ?? 'no type'} that never arrives delays no ${title} request, and its connection is not used again`, async (t) => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'QUERY', 'PROPFIND']) {
        for (const announcement of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
          const socket = await openSocket(port)
          socket.write(head(method, ...headers, announcement))
          const [answer] = await once(socket, 'data') as [Buffer]
          const reply = parseReply(answer.toString())
          t.equal(reply.status, status, `${method} ${announcement}`)
          t.match(reply.head, /\r\nconnection: close/i)
          socket.destroy()
        }
      }
    })
  }

  for (const announcement of [`Content-Length: ${size}`, 'Transfer-Encoding: chunked']) {
    t.test(`a client that sends a large body (${announcement}) before it reads gets the answer: ${title}`, async (t) => {
      const socket = await openSocket(port)
      let isBroken = false
      socket.on('error', () => { isBroken = true })
      const text = readAll(socket)
      const isChunked = announcement.startsWith('T')
      socket.write(head('POST', ...lines, announcement, 'Content-Type: application/json'))
      const piece = Buffer.alloc(50_000, ' ')
      for (let sent = 0; sent < size; sent += piece.length) {
        const bytes = isChunked ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]) : piece
        await new Promise<void>((resolve) => { socket.write(bytes, () => resolve()) })
      }
      if (isChunked) socket.write('0\r\n\r\n')
      t.equal(parseReply(await text).status, status)
      t.notOk(isBroken, 'the connection ends in order')
    })
  }
}

t.test('a client that disconnects during an ignored body does no harm', async (t) => {
  const socket = await openSocket(port)
  socket.write(head('POST', `Authorization: ${authorization}`, 'Content-Length: 1000'))
  await once(socket, 'data')
  socket.resetAndDestroy()
  t.equal((await app.inject({ url: '/forward-auth', headers: { authorization } })).statusCode, 204)
})

t.test('a body that has arrived with the request does not end the connection', async (t) => {
  const socket = await openSocket(port)
  const text = readAll(socket)
  socket.write(`${head('POST', `Authorization: ${authorization}`, 'Content-Length: 2')}{}${head('GET', 'Connection: close')}`)
  t.match(await text, /^HTTP\/1\.1 204 .*HTTP\/1\.1 401 /s)
})

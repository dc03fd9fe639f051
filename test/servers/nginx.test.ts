import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { creativeForm, formOf, formType } from '../support/forms.ts'
import { imageOf } from '../fixtures/images.ts'
import { build, signUp } from '../support/helper.ts'
import { findOrInstall } from '../support/services/programs.ts'
import { startPlainNginx } from '../support/services/proxies.ts'
import { listen } from '../support/sockets.ts'
import { openThrottledLine } from '../support/throttle.ts'

/*
 * Uploads and refusals through nginx with its default settings, and through clients that send their whole body before they read.
 * The limit of uploads is low, so that a file above it is still small.
 */
const requests = 40
const app = await build(t, {
  env: { UPLOAD_MAX_BYTES: '3000000', QUOTA_CREATIVES_PER_DAY: '0', QUOTA_BYTES_PER_USER: '0' }
})
const { authorization } = await signUp(app)
const port = await listen(app)
// The data of the service are in the same folder.
const folder = t.testdirName
const nginxPort = await startPlainNginx(t, port)
const python = findOrInstall({ names: ['python3'], debianPackage: 'python3' })

const image = await save('image', formOf(creativeForm({ file: imageOf(2_700_000) })))
const large = await save('large', formOf(creativeForm({ file: imageOf(3_500_000) })))
const text = await save('text', formOf(creativeForm({ file: Buffer.alloc(2_700_000, 'text ') })))
const expired = `Bearer ${'A'.repeat(26)}`

async function save (name: string, content: Buffer): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  return file
}

/** Posts a file by urllib several times in a row and prints a line for each response: the status and the code of an error. */
const client = `
import json, sys, urllib.error, urllib.request
url, file, authorization, content_type, times = sys.argv[1:]
body = open(file, 'rb').read()
for _ in range(int(times)):
    request = urllib.request.Request(url, body, {'Authorization': authorization, 'Content-Type': content_type})
    try:
        try:
            response = urllib.request.urlopen(request, timeout=300)
        except urllib.error.HTTPError as error:
            response = error
        print(response.status, json.loads(response.read()).get('code', 'accepted'), flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
`

interface Posted { to: number, file: string, token?: string, times?: number }

/** Resolves to the number of times that each response came. */
async function postByPython ({ to, file, token = authorization, times = requests }: Posted): Promise<Record<string, number>> {
  const url = `http://127.0.0.1:${to}/upload-creative`
  const child = spawn(python, ['-c', client, url, file, token, formType, String(times)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
  await once(child, 'close')
  const counts: Record<string, number> = {}
  for (const line of output.trim().split('\n')) counts[line] = (counts[line] ?? 0) + 1
  return counts
}

for (const [way, to] of [['directly', port], ['through nginx', nginxPort]] as const) {
  for (const [title, posted, response] of [
    ['with an expired token', { file: image, token: expired }, '401 CHR_UNAUTHENTICATED'],
    ['that is too large', { file: large }, '413 CHR_TOO_LARGE'],
    ['that is not an image', { file: text }, '415 CHR_IMAGE_TYPE']
  ] as const) {
    t.test(`every refusal of an upload ${title} can be read ${way}`, async (t) => {
      t.same(await postByPython({ to, ...posted }), { [response]: requests })
    })
  }

  t.test(`an upload over a line of 2 Mbit/s arrives ${way}, and its refusal can be read`, async (t) => {
    const line = await openThrottledLine(to, 2_000_000)
    t.teardown(line.close)
    const [accepted, refused] = await Promise.all([
      postByPython({ to: line.port, file: image, times: 1 }), postByPython({ to: line.port, file: image, token: expired, times: 1 })
    ])
    t.same(accepted, { '200 accepted': 1 })
    t.same(refused, { '401 CHR_UNAUTHENTICATED': 1 })
  })
}

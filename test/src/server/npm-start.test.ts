import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { createEnvironment } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'

const root = path.resolve(import.meta.dirname, '../../..')

t.test('a signal to the shell that npm starts reaches the service, which then shuts down', async (t) => {
  const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const env = { ...await createEnvironment(t, { PORT: '0', LOG_LEVEL: 'info' }), PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` }
  const shell = spawn('sh', ['-c', scripts['start'] ?? ''], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => { shell.kill('SIGKILL') })
  let output = ''
  shell.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
  await until('the service listens', () => output.includes('listening at '))
  shell.kill('SIGTERM')
  t.same(await once(shell, 'exit'), [0, null])
  t.match(output, /"msg":"server stopped"/)
})

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildCarrier } from '../src/carrier/index.ts'
import { until } from './support/polling.ts'
import { freePort, openRedis } from './support/services/redis.ts'
import { openPostgres } from './support/services/postgres.ts'

/*
 * Follows the steps of the Dockerfile without a container engine: builds the package, installs it by the lock file with production
 * dependencies only, migrates, starts in production mode, and signs a user up against a real PostgreSQL, a real Redis and the emulator.
 */
const root = path.resolve(import.meta.dirname, '..')
const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-production-'))
const [redis, postgres, carrier, port] = await Promise.all([openRedis(process.env), openPostgres(), buildCarrier(), freePort()])
const phone = '+918123456789'

const env = {
  ...process.env,
  NODE_ENV: 'production',
  DRAIN_SECONDS: '0',
  PORT: String(port),
  DATABASE_URL: postgres.url.replace('/postgres?', '/cheershare?'),
  REDIS_URL: redis.url,
  STORAGE_URL: `file:${folder}/uploads`,
  APP_SECRET: 'one secret of the production test',
  PHONE_HASH_SECRET: 'another secret of the production test',
  TWILIO_SID: carrier.accountSid,
  TWILIO_API_KEY: carrier.authToken,
  TWILIO_PHONE_NUMBER: carrier.sender,
  TWILIO_API_BASE_URL: carrier.url
}

async function run (command: string, args: string[]): Promise<void> {
  const [code] = await once(spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}`)
}

async function ask (address: string, body: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${address}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body)
  })
  if (!response.ok) throw new Error(`${address} answered ${response.status}`)
  return await response.json()
}

try {
  for (const args of [['run', '--silent', 'build'], ['pack', '--silent', '--pack-destination', folder]]) {
    if (spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) throw new Error(`npm ${args.join(' ')} failed`)
  }
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  await run('tar', ['--extract', '--gzip', '--file', tarball, '--strip-components', '1'])
  await cp(path.join(root, 'package-lock.json'), path.join(folder, 'package-lock.json'))
  await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel', 'error'])
  await run(process.execPath, ['dist/src/cli.js', 'migrate', '--yes'])
  const service = spawn(process.execPath, ['dist/src/cli.js'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = once(service, 'exit')
  try {
    await until('the service is ready', async () => await fetch(`http://127.0.0.1:${port}/health/ready`).then(({ ok }) => ok, () => false))
    await ask('/signup', { name: 'Asha', phone_number: phone })
    await until('the SMS arrives', () => carrier.messages({ to: phone }).length > 0)
    await ask('/verify', { phone_number: phone, otp: /\d{6}/.exec(carrier.messages({ to: phone })[0]?.body ?? '')?.[0] })
  } finally {
    service.kill('SIGTERM')
  }
  const [code] = await exit
  if (code !== 0) throw new Error(`the service ended with ${String(code)}`)
  process.stdout.write('production mode works with production dependencies only\n')
} finally {
  await Promise.all([carrier.close(), redis.stop(), postgres.stop(), rm(folder, { recursive: true, force: true })])
}

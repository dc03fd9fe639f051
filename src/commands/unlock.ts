import { loadConfig } from '../config/index.ts'
import { parsePhone } from '../domain/auth/phone.ts'
import { buildInstance } from '../process/instance.ts'
import { commandLine } from '../process/package-info.ts'

/** Resets the failures of a closed number: `npm run unlock -- +918123456789`. */
const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env })
const phone = parsePhone(process.argv[2] ?? '', config.auth.defaultRegion)

if (phone.kind !== 'valid') fail(`Give a phone number: ${commandLine('unlock', '+918123456789')}`)
else if (config.redis.urls.length === 0) fail('Without REDIS_URL the counts are in the memory of the service: restart it to reset them.')
else {
  const instance = await buildInstance({ config })
  await instance.otp.unlock(phone.e164)
  instance.securityLog.record('phone.unlocked', { phone: phone.e164 })
  await instance.close()
  process.stdout.write(`${phone.e164} is unlocked\n`)
}

function fail (message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

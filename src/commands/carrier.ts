import { parseArgs } from 'node:util'
import { buildCarrier, type Carrier, type CarrierOptions } from '../carrier/index.ts'
import { isLoopback } from '../http/hosts.ts'
import { commandLine } from '../process/package-info.ts'
import { outlastEcho, untilSignal } from '../process/shutdown.ts'

/** Serves the carrier emulator to any test suite until SIGTERM or SIGINT: `npm run carrier -- --port 4010`. */
const options = '[--port 4010] [--host 127.0.0.1] [--account-sid AC...] [--auth-token ...] [--api-key-sid SK... --api-key-secret ...]'
const usage = commandLine('carrier', options)

function readOptions (args: string[]): CarrierOptions & { host: string } {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4010' },
      host: { type: 'string', default: '127.0.0.1' },
      'account-sid': { type: 'string' },
      'auth-token': { type: 'string' },
      'api-key-sid': { type: 'string' },
      'api-key-secret': { type: 'string' }
    }
  })
  const { host, 'account-sid': accountSid, 'auth-token': authToken } = values
  const port = Number(values.port)
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) throw new Error('--port is not a number from 0 to 65535')
  if (host === '') throw new Error('--host is empty')
  if (accountSid !== undefined && !/^AC[0-9a-fA-F]{32}$/.test(accountSid)) {
    throw new Error('--account-sid is not AC and 32 hexadecimal digits')
  }
  if (authToken === '') throw new Error('--auth-token is empty')
  return { host, port, accountSid, authToken, apiKey: readApiKey(values['api-key-sid'], values['api-key-secret']), hasControl: true }
}

function readApiKey (sid: string | undefined, secret: string | undefined): CarrierOptions['apiKey'] {
  if (sid === undefined && secret === undefined) return undefined
  if (sid === undefined || secret === undefined || secret === '') throw new Error('--api-key-sid and --api-key-secret are needed together')
  if (!/^SK[0-9a-fA-F]{32}$/.test(sid)) throw new Error('--api-key-sid is not SK and 32 hexadecimal digits')
  return { sid, secret }
}

function formatError (error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return 'The port is in use: stop the process that listens there, or choose another --port'
  return `${message}\nUsage: ${usage}`
}

function formatBanner ({ url, accountSid, authToken, sender }: Carrier): string {
  return [`Carrier emulator at ${url}`, `account SID  ${accountSid}`, `auth token   ${authToken}`, `sender       ${sender}`, ''].join('\n')
}

try {
  const options = readOptions(process.argv.slice(2))
  const signal = untilSignal()
  const carrier = await buildCarrier(options)
  if (!isLoopback(options.host)) {
    process.stderr.write(
      `WARNING: --host ${options.host}: THE CREDENTIALS ARE THE ONLY PROTECTION OF THIS ADDRESS, AND THEY ARE SENT UNENCRYPTED\n`
    )
  }
  process.stdout.write(formatBanner(carrier))
  await signal
  await carrier.close()
  await outlastEcho()
} catch (error) {
  process.stderr.write(`${formatError(error)}\n`)
  process.exitCode = 1
}

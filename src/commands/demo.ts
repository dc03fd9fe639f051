import { randomInt } from 'node:crypto'
import { loadConfig } from '../config/index.ts'
import { DemoError, runDemo } from './demo-steps.ts'

/** Runs every step of a client against the running service, and checks each reply: `npm run demo`. */
const { HOST, PORT, PUBLIC_URL } = process.env
const url = process.argv[2] ?? loadConfig({ HOST, PORT, PUBLIC_URL, DEV_INBOX: 'on' }).http.baseUrl

try {
  await runDemo({ url, phone: `+9198${randomInt(10_000_000, 99_999_999)}`, say: (line) => process.stdout.write(`${line}\n`) })
} catch (error) {
  const isKnown = error instanceof DemoError
  process.stderr.write(
    `FAILED: ${isKnown ? error.message : `${url} does not reply as the service does. Start the service first`}\n`
  )
  process.exitCode = 1
}

import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { localUrl } from '../http/hosts.ts'
import { commandLine } from './package-info.ts'
import { flushLog } from './logging.ts'

const phone = '+918123456789'

/** Prints the addresses of the service and the commands for a first sign-in. */
export function printWelcome (instance: FastifyInstance): void {
  const { port } = instance.server.address() as AddressInfo
  const { http, sms } = instance.config
  const url = localUrl(http.host, port)
  const hasInbox = instance.carrier !== null && sms.hasInbox !== false
  const json = "-H 'content-type: application/json'"
  flushLog()
  process.stdout.write([
    '',
    `Cheershare listens at  ${url}`,
    `API docs (try it out)  ${url}/docs`,
    ...(hasInbox ? [`SMS inbox              ${url}/dev/inbox`] : []),
    '',
    `Sign in from a second terminal (put the code from the ${hasInbox ? 'inbox' : 'SMS'} into the last line):`,
    `  curl -s ${url}/signup ${json} -d '{"name":"Asha","phone_number":"${phone}"}'`,
    ...(hasInbox ? [`  curl -s '${url}/dev/inbox.json?to=${encodeURIComponent(phone)}'`] : []),
    `  curl -s ${url}/verify ${json} -d '{"phone_number":"${phone}","otp":"CODE"}'`,
    '',
    ...(hasInbox ? [`Or run all of it: ${commandLine('demo')}`] : []),
    'Ctrl+C stops the service.',
    '', ''
  ].join('\n'))
}

import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

const phone = '+918123456789'

/** For a newcomer at the terminal: where everything is, and three lines that sign in. */
export function printWelcome (instance: FastifyInstance): void {
  const { port } = instance.server.address() as AddressInfo
  const { HOST } = instance.config
  const host = ['0.0.0.0', '::'].includes(HOST) ? 'localhost' : HOST
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const hasInbox = instance.carrier !== null && instance.config.DEV_INBOX !== 'off'
  const json = "-H 'content-type: application/json'"
  process.stdout.write([
    '',
    `Cheershare listens at  ${url}`,
    `API docs (try it out)  ${url}/docs`,
    ...(hasInbox ? [`SMS inbox              ${url}/dev/inbox`] : []),
    '',
    `Sign in with three lines (put the code of the ${hasInbox ? 'inbox' : 'SMS'} into the third):`,
    `  curl -s ${url}/signup ${json} -d '{"name":"Asha","phone_number":"${phone}"}'`,
    ...(hasInbox ? [`  curl -s '${url}/dev/inbox.json?to=${encodeURIComponent(phone)}'`] : []),
    `  curl -s ${url}/verify ${json} -d '{"phone_number":"${phone}","otp":"CODE"}'`,
    '', ''
  ].join('\n'))
}

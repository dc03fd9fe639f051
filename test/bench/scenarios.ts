import { setTimeout as sleep } from 'node:timers/promises'
import { dateIn } from '../../src/domain/schedule.ts'
import { formOf, formType } from '../forms.ts'
import { imageOf } from '../fixtures/images.ts'
import { createPoster, fire, flow, type Round } from './load.ts'
import { phoneOf, type SeededUser } from './seed.ts'
import type { Stage } from './stage.ts'
import { sweepUploads } from './sweeper.ts'

export interface Scenario {
  name: string
  run (seconds: number): Promise<Round>
}

const connections = 64
const uploadClients = 16
const uploadBytes = 2 * 1024 * 1024
/** Numbers below belong to the seeded users. */
let nextNumber = 1_000_000
const smsWithinMs = 60_000

const bearer = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` })

/** Each user's token in turn. */
const signedIn = (users: SeededUser[], path: string) => users.map((user) => ({ path, headers: bearer(user) }))

export async function runBare ({ bare, users }: Stage, seconds: number): Promise<Round> {
  return await fire({ url: bare.url, connections, seconds, inTurn: signedIn(users, '/protected') })
}

/** 2 MiB from each of 16 clients at once; images go as soon as they have come, for new files on fresh pages cost every server alike. */
export async function runUpload ({ users, uploads }: Pick<Stage, 'users' | 'uploads'>, url: string, seconds: number): Promise<Round> {
  const inAYear = dateIn('UTC', new Date(Date.now() + 365 * 86_400_000))
  const body = formOf([
    { name: 'scheduled_at', value: inAYear },
    { name: 'file', value: imageOf(uploadBytes), filename: 'a.png', type: 'image/png' }
  ])
  const stopSweeping = sweepUploads(uploads)
  const headers = { ...bearer(users[0] ?? { token: '' }), 'content-type': formType }
  return await fire({ url: `${url}/upload-creative`, method: 'POST', headers, body, connections: uploadClients, seconds }).finally(stopSweeping)
}

export function createScenarios (stage: Stage): Scenario[] {
  const { service: { url }, carrier, users } = stage
  const post = createPoster(connections)
  let nextUser = 0

  /** The SMS go out in the background, and are a part of the work all the same. */
  async function untilTaken (total: number): Promise<void> {
    for (const end = Date.now() + smsWithinMs; carrier.taken < total; await sleep(5)) {
      if (Date.now() > end) throw new Error(`only ${carrier.taken} of ${total} SMS arrived`)
    }
  }

  return [
    { name: 'auth check', run: async (seconds) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/protected') }) },
    {
      name: 'sign-up, SMS sent',
      async run (seconds) {
        const before = carrier.taken
        const signup = (body: object) => ({ method: 'POST', path: '/signup', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
        return await fire({
          url,
          connections,
          seconds,
          requests: [{ setupRequest: (request) => ({ ...request, ...signup({ name: 'Asha', phone_number: phoneOf(nextNumber++) }) }) }],
          completed: async (count) => { await untilTaken(before + count) }
        })
      }
    },
    {
      name: 'whole login',
      async run (seconds) {
        const login = async () => {
          const { phone } = users[nextUser++ % users.length] ?? { phone: '' }
          const code = carrier.nextCode(phone)
          await post(`${url}/login`, { phone_number: phone })
          await post(`${url}/verify`, { phone_number: phone, otp: await code })
        }
        return await flow({ clients: connections, seconds, run: login })
      }
    },
    { name: 'upload 2 MiB', run: async (seconds) => await runUpload(stage, url, seconds) },
    { name: 'list, 100 due', run: async (seconds) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/scheduled') }) }
  ]
}

import { setTimeout as sleep } from 'node:timers/promises'
import { dateIn } from '../../src/domain/creatives/schedule.ts'
import { formOf, formType, today, tomorrow } from '../support/forms.ts'
import { createPoster, fire, flow, type Round } from './load.ts'
import type { CarrierProcess } from './processes.ts'
import { phoneOf, type SeededUser } from './seed.ts'
import type { Stage } from './stage.ts'
import { sweepUploads } from './sweeper.ts'

export interface Scenario {
  name: string
  run (seconds: number): Promise<Round>
  /** What it is compared with; the bare route of the auth check unless it says otherwise. */
  ceiling: Ceiling
  /** What must be there first. */
  prepare? (): Promise<void>
}

/** The least that could do the same. */
export interface Ceiling {
  name: string
  run (seconds: number): Promise<Round>
}

const connections = 64
const uploadClients = 16
/** Numbers below belong to the seeded users. */
let nextNumber = 1_000_000
const smsWithinMs = 60_000

const bearer = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` })

/** Each user's token in turn. */
const signedIn = (users: SeededUser[], path: string) => users.map((user) => ({ path, headers: bearer(user) }))

export interface UploadTarget {
  url: string
  user: SeededUser
  photo: Buffer
  /** Folder whose files go as soon as they have come: new files on fresh pages cost every server alike. */
  folder: string
}

/** A photo from each of 16 clients at once. */
export async function runUpload ({ url, user, photo, folder }: UploadTarget, seconds: number, clients = uploadClients): Promise<Round> {
  const inAYear = dateIn('UTC', new Date(Date.now() + 365 * 86_400_000))
  const body = formOf([{ name: 'scheduled_at', value: inAYear }, { name: 'file', value: photo, filename: 'a.jpg', type: 'image/jpeg' }])
  const stopSweeping = sweepUploads(folder)
  const headers = { ...bearer(user), 'content-type': formType }
  return await fire({ url: `${url}/upload-creative`, method: 'POST', headers, body, connections: clients, seconds }).finally(stopSweeping)
}

/** Sign-ups of numbers that never came before. */
const signups = (url: string, path: string, seconds: number) => ({
  url,
  connections,
  seconds,
  requests: [{
    setupRequest: (request: object) => ({
      ...request,
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Asha', phone_number: phoneOf(nextNumber++) })
    })
  }]
})

/** The SMS go out in the background, and are a part of the work all the same: the round lasts until the last is sent. */
async function runSignups (carrier: CarrierProcess, url: string, seconds: number): Promise<Round> {
  const before = carrier.taken
  let backlog = 0
  const round = await fire({
    ...signups(url, '/signup', seconds),
    async completed (count) {
      backlog = before + count - carrier.taken
      for (const end = Date.now() + smsWithinMs; carrier.taken < before + count; await sleep(5)) {
        if (Date.now() > end) throw new Error(`only ${carrier.taken - before} of ${count} SMS arrived`)
      }
    }
  })
  return { ...round, backlog }
}

export function createScenarios (stage: Stage): Scenario[] {
  const { service: { url }, apart, bare, bareUpload, carrier, users, photo, uploads } = stage
  const post = createPoster(connections)
  let nextUser = 0

  const bareRoute: Ceiling = {
    name: 'bare route',
    run: async (seconds) => await fire({ url: bare.url, connections, seconds, inTurn: signedIn(users, '/protected') })
  }
  const bareSignup: Ceiling = { name: 'bare route, one Redis script', run: async (seconds) => await fire(signups(bare.url, '/signup', seconds)) }
  const bareSent: Ceiling = { name: 'the same, and a post', run: async (seconds) => await fire(signups(bare.url, '/signup-sent', seconds)) }
  const bareList: Ceiling = {
    name: 'bare route, one query',
    run: async (seconds) => await fire({ url: bare.url, connections, seconds, requests: [{ path: `/scheduled?from=${today()}&to=${tomorrow()}` }] })
  }
  const bareDisk: Ceiling = {
    name: 'node:http to disk',
    run: async (seconds) => await fire({ url: bareUpload.url, method: 'POST', body: photo, connections: uploadClients, seconds })
  }
  const user = users[0] ?? { phone: '', token: '' }
  const login = async () => {
    const { phone } = users[nextUser++ % users.length] ?? { phone: '' }
    const code = carrier.nextCode(phone)
    await post(`${url}/login`, { phone_number: phone })
    await post(`${url}/verify`, { phone_number: phone, otp: await code })
  }
  const list = async (seconds: number) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/scheduled') })

  return [
    { name: 'auth check', ceiling: bareRoute, run: async (seconds) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/protected') }) },
    { name: 'sign-up, worker apart', ceiling: bareSignup, run: async (seconds) => await runSignups(carrier, apart.url, seconds) },
    { name: 'sign-up, worker apart', ceiling: bareSent, run: async (seconds) => await runSignups(carrier, apart.url, seconds) },
    { name: 'sign-up, one process', ceiling: bareSent, run: async (seconds) => await runSignups(carrier, url, seconds) },
    { name: 'whole login', ceiling: bareRoute, run: async (seconds) => await flow({ clients: connections, seconds, run: login }) },
    { name: 'upload 2 MiB', ceiling: bareDisk, run: async (seconds) => await runUpload({ url, user, photo, folder: uploads }, seconds) },
    { name: 'list, 100 of 100 k', ceiling: bareList, run: list },
    { name: 'list, 100 of 1 M', ceiling: bareList, run: list, prepare: async () => { await stage.growTo(1_000_000) } }
  ]
}

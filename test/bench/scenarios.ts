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
  /** The ceiling that the scenario is compared with. */
  ceiling: Ceiling
  /** Creates data that the scenario needs. */
  prepare? (): Promise<void>
}

/** A minimal program that does comparable work. */
export interface Ceiling {
  name: string
  run (seconds: number): Promise<Round>
}

const connections = 64
const uploadClients = 16
/** Lower numbers belong to the seeded users. */
let nextNumber = 1_000_000
const smsWithinMs = 60_000

const bearer = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` })

/** One request for each user, with the user's token. */
const signedIn = (users: SeededUser[], path: string) => users.map((user) => ({ path, headers: bearer(user) }))

export interface UploadTarget {
  url: string
  user: SeededUser
  photo: Buffer
  /** Folder whose files are deleted during the round, because writing to new disk pages costs every server the same. */
  folder: string
}

/** Uploads the photo from a number of concurrent clients. */
export async function runUpload ({ url, user, photo, folder }: UploadTarget, seconds: number, clients = uploadClients): Promise<Round> {
  const inAYear = dateIn('UTC', new Date(Date.now() + 365 * 86_400_000))
  const body = formOf([{ name: 'scheduled_at', value: inAYear }, { name: 'file', value: photo, filename: 'a.jpg', type: 'image/jpeg' }])
  const stopSweeping = sweepUploads(folder)
  const headers = { ...bearer(user), 'content-type': formType }
  return await fire({ url: `${url}/upload-creative`, method: 'POST', headers, body, connections: clients, seconds }).finally(stopSweeping)
}

/** Sign-ups of new numbers. */
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

/** The round lasts until the last SMS is sent, because the SMS in the background are part of the work. */
async function runSignups (carrier: CarrierProcess, url: string, seconds: number): Promise<Round> {
  const before = carrier.received
  let backlog = 0
  const round = await fire({
    ...signups(url, '/signup', seconds),
    async completed (count) {
      backlog = before + count - carrier.received
      for (const end = Date.now() + smsWithinMs; carrier.received < before + count; await sleep(5)) {
        if (Date.now() > end) throw new Error(`only ${carrier.received - before} of ${count} SMS arrived`)
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
  const bareSignup: Ceiling = {
    name: 'bare route, one Redis script', run: async (seconds) => await fire(signups(bare.url, '/signup', seconds))
  }
  const bareSent: Ceiling = {
    name: 'bare route, one Redis script, a post', run: async (seconds) => await fire(signups(bare.url, '/signup-sent', seconds))
  }
  const bareList: Ceiling = {
    name: 'bare route, one query',
    run: async (seconds) => await fire({
      url: bare.url, connections, seconds, requests: [{ path: `/scheduled?from=${today()}&to=${tomorrow()}` }]
    })
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
    {
      name: 'auth check',
      ceiling: bareRoute,
      run: async (seconds) => await fire({
        url, connections, seconds, inTurn: signedIn(users, '/protected')
      })
    },
    { name: 'sign-up, separate worker', ceiling: bareSignup, run: async (seconds) => await runSignups(carrier, apart.url, seconds) },
    { name: 'sign-up, separate worker', ceiling: bareSent, run: async (seconds) => await runSignups(carrier, apart.url, seconds) },
    { name: 'sign-up, one process', ceiling: bareSent, run: async (seconds) => await runSignups(carrier, url, seconds) },
    { name: 'whole login', ceiling: bareRoute, run: async (seconds) => await flow({ clients: connections, seconds, run: login }) },
    { name: 'upload 2 MiB', ceiling: bareDisk, run: async (seconds) => await runUpload({ url, user, photo, folder: uploads }, seconds) },
    { name: 'list, 100 of 100 k', ceiling: bareList, run: list },
    { name: 'list, 100 of 1 M', ceiling: bareList, run: list, prepare: async () => { await stage.growTo(1_000_000) } }
  ]
}

import { setTimeout as sleep } from 'node:timers/promises'
import { dateIn } from '../../src/domain/creatives/schedule.ts'
import { formOf, formType, today, tomorrow } from '../support/forms.ts'
import type { Role } from './cpu.ts'
import { fire, type Round } from './load.ts'
import { createLogins } from './logins.ts'
import type { CarrierProcess } from './processes.ts'
import { createPhone, type SeededUser } from './seed.ts'
import type { Stage } from './stage.ts'
import { sweepUploads } from './sweeper.ts'

/** A minimal program that does comparable work. */
export interface Ceiling {
  name: string
  /** The processes whose time is measured. */
  processes: Record<Role, number[]>
  /** Creates data that a round needs; its time is not measured. */
  prepareRound? (): Promise<void>
  run (seconds: number): Promise<Round>
}

export interface Scenario extends Ceiling {
  /** The ceiling that the scenario is compared with. */
  ceiling: Ceiling
  /** Creates data that the scenario needs. */
  prepare? (): Promise<void>
}

export const connections = 64
const uploadClients = 16
const smsWithinMs = 60_000

export const bearer = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` })

/** One request for each user, with the user's token. */
export const signedIn = (users: SeededUser[], path: string) => users.map((user) => ({ path, headers: bearer(user) }))

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
      body: JSON.stringify({ name: 'Asha', phone_number: createPhone() })
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

/** A route of the bare server that each user asks. */
export const bareRouteOf = ({ bare, users, processes }: Stage, name: string, path: string): Ceiling => ({
  name,
  processes: processes.bare,
  run: async (seconds) => await fire({ url: bare.url, connections, seconds, inTurn: signedIn(users, path) })
})

export function createScenarios (stage: Stage): Scenario[] {
  const { service: { url }, apart, bare, bareUpload, carrier, users, photo, uploads, processes } = stage
  const [own, least] = [createLogins({ url, carrier, connections }), createLogins({ url: bare.url, carrier, connections })]

  const bareRoute = bareRouteOf(stage, 'bare route', '/protected')
  const bareSignup: Ceiling = {
    name: 'one script, a post',
    processes: processes.bare,
    run: async (seconds) => await fire(signups(bare.url, '/signup', seconds))
  }
  const bareLogin: Ceiling = { name: 'a script a step, a statement', processes: processes.bare, run: least.logIn }
  const bareWrongCode: Ceiling = {
    name: 'one script', processes: processes.bare, prepareRound: least.prepareWrongCodes, run: least.sendWrongCodes
  }
  const bareList: Ceiling = {
    name: 'bare route, one query',
    processes: processes.bare,
    run: async (seconds) => await fire({
      url: bare.url, connections, seconds, requests: [{ path: `/scheduled?from=${today()}&to=${tomorrow()}` }]
    })
  }
  const bareDisk: Ceiling = {
    name: 'node:http to disk',
    processes: processes.bareUpload,
    run: async (seconds) => await fire({ url: bareUpload.url, method: 'POST', body: photo, connections: uploadClients, seconds })
  }
  const user = users[0] ?? { phone: '', token: '' }
  const list = async (seconds: number) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/scheduled') })

  return [
    {
      name: 'auth check',
      processes: processes.service,
      ceiling: bareRoute,
      run: async (seconds) => await fire({ url, connections, seconds, inTurn: signedIn(users, '/protected') })
    },
    { name: 'whole login', processes: processes.service, ceiling: bareLogin, run: own.logIn },
    {
      name: 'wrong code', processes: processes.service, ceiling: bareWrongCode, prepareRound: own.prepareWrongCodes, run: own.sendWrongCodes
    },
    {
      name: 'sign-up, one process',
      processes: processes.service,
      ceiling: bareSignup,
      run: async (seconds) => await runSignups(carrier, url, seconds)
    },
    {
      name: 'sign-up, separate worker',
      processes: processes.apart,
      ceiling: bareSignup,
      run: async (seconds) => await runSignups(carrier, apart.url, seconds)
    },
    {
      name: 'upload 2 MiB',
      processes: processes.service,
      ceiling: bareDisk,
      run: async (seconds) => await runUpload({ url, user, photo, folder: uploads }, seconds)
    },
    { name: 'list, 100 of 100 k', processes: processes.service, ceiling: bareList, run: list },
    {
      name: 'list, 100 of 1 M',
      processes: processes.service,
      ceiling: bareList,
      run: list,
      prepare: async () => { await stage.growTo(1_000_000) }
    }
  ]
}

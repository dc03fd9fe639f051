import { createPoster, flow, type Round } from './load.ts'
import type { CarrierProcess } from './processes.ts'
import { createPhone } from './seed.ts'

export interface LoginTarget {
  url: string
  carrier: CarrierProcess
  connections: number
}

/** Numbers with a live code for a round of wrong codes; each takes fewer wrong codes than lead to a lockout. */
const numberCount = 3000
const wrongCodesPerNumber = 4
const wrongCode = '000000'

/** Creates the workloads of a server with the routes /signup-code and /verify, or /signup in place of the first. */
export function createLogins ({ url, carrier, connections }: LoginTarget) {
  const post = createPoster(connections)
  let phones: string[] = []

  async function requestCode (phone: string): Promise<string> {
    const code = carrier.nextCode(phone)
    await post(`${url}/signup`, { name: 'Asha', phone_number: phone })
    return await code
  }

  return {
    /** Signs new users up: request, SMS, code, token. */
    logIn: async (seconds: number): Promise<Round> => await flow({
      clients: connections,
      seconds,
      async run () {
        const phone = createPhone()
        await post(`${url}/verify`, { phone_number: phone, otp: await requestCode(phone) })
      }
    }),
    async prepareWrongCodes (): Promise<void> {
      phones = Array.from({ length: numberCount }, createPhone)
      const waiting = [...phones]
      await flow({
        clients: connections,
        seconds: Infinity,
        maximum: numberCount,
        async run () { await requestCode(waiting.pop() ?? '') }
      })
    },
    /** Answers with wrong codes for numbers with a live code. */
    async sendWrongCodes (seconds: number): Promise<Round> {
      let next = 0
      return await flow({
        clients: connections,
        seconds,
        maximum: numberCount * wrongCodesPerNumber,
        async run () { await post(`${url}/verify`, { phone_number: phones[next++ % numberCount], otp: wrongCode }, 401) }
      })
    }
  }
}

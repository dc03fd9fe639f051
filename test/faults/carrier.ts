import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const program = path.resolve(import.meta.dirname, '../../src/commands/carrier.ts')
/** It keeps its newest 1,000 messages, so they are fetched long before there are more. */
const fetchEveryMs = 500

export interface Message {
  sid: string
  to: string
  body: string
  /** RFC 3339 */
  received_at: string
}

export interface CarrierProcess {
  /** What makes a service send to it. */
  env: Record<string, string>
  /** Every message so far, by its id. */
  fetchAll (): Promise<ReadonlyMap<string, Message>>
  stop (): Promise<void>
}

/** The carrier emulator as a process of its own, whose every answer takes this long. */
export async function startCarrier (latencyMs: number): Promise<CarrierProcess> {
  const child = spawn(process.execPath, [program, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const words: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    words.push(line.split(' ').at(-1) ?? '')
    if (words.length === 4) break
  }
  const [url = '', accountSid = '', authToken = '', sender = ''] = words
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  const rule = JSON.stringify({ fault: { kind: 'delay', ms: latencyMs } })
  const answer = await fetch(`${url}/_faults`, { method: 'POST', body: rule, headers: { authorization, 'content-type': 'application/json' } })
  if (!answer.ok) throw new Error(`the carrier did not take its latency: ${answer.status}`)

  const messages = new Map<string, Message>()
  async function fetchAll (): Promise<ReadonlyMap<string, Message>> {
    const response = await fetch(`${url}/_messages`, { headers: { authorization } })
    const { messages: newest } = await response.json() as { messages: Message[] }
    for (const message of newest) messages.set(message.sid, message)
    return messages
  }

  const stopping = new AbortController()
  const fetching = (async () => {
    while (!stopping.signal.aborted) {
      await fetchAll()
      await sleep(fetchEveryMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    env: { TWILIO_SID: accountSid, TWILIO_API_KEY: authToken, TWILIO_PHONE_NUMBER: sender, TWILIO_API_BASE_URL: url, SMS_COUNTRIES: '*' },
    fetchAll,
    async stop () {
      stopping.abort()
      await fetching
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
  }
}

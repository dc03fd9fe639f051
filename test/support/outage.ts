import type { Test } from 'tap'
import type { Answer } from './program.ts'
import { promptMs } from './polling.ts'

/** Checks that a request whose dependency is down was answered promptly with 503. */
export function isPromptRefusal (t: Test, { status, body, headers, milliseconds }: Answer, what: string, since = milliseconds): void {
  t.equal(status, 503, `${what}: 503`)
  t.match(body, { code: 'CHR_UNAVAILABLE', error: String, request_id: String }, `${what}: the error envelope`)
  t.match(headers.get('retry-after'), /^\d+$/, `${what}: Retry-After`)
  t.ok(since < promptMs, `${what}: after ${Math.round(since)} ms`)
}

/** Resolves to the answer of a request in flight, and the milliseconds from this call until it arrived. */
export async function sinceNow (answer: Promise<Answer>): Promise<[Answer, number]> {
  const started = performance.now()
  return [await answer, performance.now() - started]
}

export function isPrompt (t: Test, { status, milliseconds }: Answer, what: string): void {
  t.equal(status, 200, `${what}: 200`)
  t.ok(milliseconds < promptMs, `${what}: after ${Math.round(milliseconds)} ms`)
}

import type { Test } from 'tap'
import type { Answer } from './program.ts'
import { promptMs } from './polling.ts'

/** The answer of a request whose dependency is down. */
export function isPromptRefusal (t: Test, { status, body, headers, milliseconds }: Answer, what: string, since = milliseconds): void {
  t.equal(status, 503, `${what}: 503`)
  t.match(body, { code: 'CHR_UNAVAILABLE', error: String, request_id: String }, `${what}: the error envelope`)
  t.match(headers.get('retry-after'), /^\d+$/, `${what}: Retry-After`)
  t.ok(since < promptMs, `${what}: after ${Math.round(since)} ms`)
}

/** The answer to a request that was under way when its dependency went away, and how long after that it came. */
export async function sinceNow (answer: Promise<Answer>): Promise<[Answer, number]> {
  const started = performance.now()
  return [await answer, performance.now() - started]
}

export function isPrompt (t: Test, { status, milliseconds }: Answer, what: string): void {
  t.equal(status, 200, `${what}: 200`)
  t.ok(milliseconds < promptMs, `${what}: after ${Math.round(milliseconds)} ms`)
}

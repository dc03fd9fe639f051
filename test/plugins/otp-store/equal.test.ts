import t from 'tap'
import type { OtpStore } from '../../../plugins/otp-store/contract.ts'
import { createMemoryOtpStore } from '../../../plugins/otp-store/memory.ts'
import type { ChallengePlace } from '../../../src/domain/otp.ts'
import { candidateAt, createNumber, day, hour, minute, rightAnswer, second } from '../../contracts/otp-store/number.ts'
import { createSpreadStore } from '../../contracts/otp-store/redis-store.ts'

const runs = 40
const stepsPerRun = 250

/** A small generator (mulberry32), so that a run that fails can be run again by its seed. */
function createRandom (seed: number) {
  let state = seed
  function next (): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    pick<T> (choices: readonly T[]): T {
      const chosen = choices[Math.floor(next() * choices.length)]
      if (chosen === undefined) throw new Error('nothing to choose from')
      return chosen
    }
  }
}

type Random = ReturnType<typeof createRandom>
type Step = { what: string, run: (store: OtpStore) => Promise<unknown> }

/** Whole tens of seconds, as all times of the rules are: no key ends by Redis's own clock within a run. */
const pauses = [
  ...Array<number>(6).fill(10 * second), 20 * second, 30 * second, 30 * second, 60 * second, 120 * second, 240 * second, 300 * second,
  10 * minute, hour - 10 * second, hour, day, 400 * day
]

const usual = { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 }
const ruleSets = [usual, usual, { ttlMs: 600 * second, resendMs: 10 * second, sendsPerHour: 0, sendsPerDay: 0 }, { ttlMs: 20 * second, resendMs: 600 * second, sendsPerHour: 0, sendsPerDay: 0 }]

/** Draws what happens to one number; `kinds` weighs the happenings, so that runs differ in temper. */
function createDraw (random: Random, place: ChallengePlace) {
  const rules = random.pick(ruleSets)
  const kinds = random.pick([
    ['send', 'send', 'right', 'wrong', 'pass', 'pass', 'find', 'old'],
    ['send', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'pass', 'pass', 'unlock'],
    ['send', 'send', 'nameless', 'nameless', 'nameless', 'wrong', 'pass', 'old'],
    ['wrong', 'wrong', 'wrong', 'wrong', 'pass', 'send']
  ])
  const ids: string[] = ['never issued']
  let now = Date.now()

  return function draw (): Step {
    const kind = random.pick(kinds)
    const newest = ids.at(-1) ?? ''
    if (kind === 'pass') {
      const pause = random.pick(pauses)
      now += pause
      return { what: `pass ${pause / second} s`, run: async () => undefined }
    }
    const at = now
    if (kind === 'send') {
      const candidate = candidateAt(place, random.pick(['', 'Asha', 'Asha', 'Usha']))
      return {
        what: `send for ${candidate.nameTag}`,
        async run (store) {
          const outcome = await store.issue(place, candidate, rules, at)
          if ('challengeId' in outcome && !ids.includes(outcome.challengeId)) ids.push(outcome.challengeId)
          return outcome
        }
      }
    }
    if (kind === 'unlock') return { what: kind, run: async (store) => { await store.unlock(place.tag) } }
    if (kind === 'find') {
      return {
        what: kind,
        run: async (store) => await store.find(newest, at).then((found) => found && [found.id, found.secretId, found.sealed, found.expiresAt])
      }
    }
    const id = kind === 'wrong' ? 'guessed' : kind === 'old' ? random.pick(ids) : newest
    return { what: `${kind} answer`, run: async (store) => await store.verify(place, rightAnswer(id, kind !== 'nameless'), at) }
  }
}

t.test('memory and Redis answer every step of the same life alike', async (t) => {
  const redis = await createSpreadStore(t)
  const seen = new Set<string>()
  for (let seed = 1; seed <= runs; seed++) {
    const memory = createMemoryOtpStore()
    const draw = createDraw(createRandom(seed), createNumber(memory).place)
    const history: string[] = []
    for (let step = 0; step < stepsPerRun; step++) {
      const { what, run } = draw()
      const [expected, actual] = [await run(memory), await run(redis)]
      history.push(what)
      if (typeof expected === 'object' && expected !== null && 'kind' in expected) seen.add(String(expected.kind))
      if (JSON.stringify(expected) === JSON.stringify(actual)) continue
      t.strictSame(actual, expected, `seed ${seed}, step ${step}: ${history.slice(-12).join(', ')}`)
      break
    }
  }
  t.strictSame([...seen].sort(), ['locked', 'name_required', 'right', 'sent', 'too_soon', 'waiting', 'wrong'], 'every outcome occurred')
})

import t from 'tap'
import { createPhoneRecord, isExpired, type PhoneState } from '../../../../src/domain/auth/challenge-records.ts'
import { issue, verify, type IssueOutcome, type IssueRules, type VerifyOutcome } from '../../../../src/domain/auth/challenge.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 15)
const usual: IssueRules = { ttlMs: 300 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 }

/** Creates one number with its state and its time. All times count from the start. */
function createNumber (rules = usual) {
  const state: PhoneState = { phone: createPhoneRecord(), challenge: undefined, used: undefined, device: undefined }
  let made = 0
  return {
    state,
    send (at: number, nameTag = 'Asha') {
      made += 1
      const candidate = { id: `id ${made}`, secretId: 's', sealed: `sealed ${made}`, check: `check ${made}`, nameTag }
      const outcome = issue(state, { candidate, rules, now: start + at })
      return relative(outcome)
    },
    /** Answers with the code of the nth candidate; there is no candidate 0. */
    answer (at: number, candidate: number, canRegister = true) {
      return relative(verify(state, { checks: new Map([['s', `check ${candidate}`]]), canRegister }, start + at))
    },
    fail (at: number, times: number) {
      return Array.from({ length: times }, () => this.answer(at, 0).kind)
    }
  }
}

function relative<T extends IssueOutcome | VerifyOutcome> (outcome: T): T {
  const times = Object.entries(outcome).filter(([name]) => ['expiresAt', 'nextSendAt', 'retryAt'].includes(name))
  return { ...outcome, ...Object.fromEntries(times.map(([name, time]) => [name, Number(time) - start])) }
}

t.test('the first send starts a challenge for the length of its life', async (t) => {
  const number = createNumber()
  t.strictSame(number.send(0), {
    kind: 'sent', challengeId: 'id 1', sendAttempt: 1, expiresAt: 300 * second, nextSendAt: 30 * second, usesDeviceAllowance: false
  })
  t.equal(number.answer(300 * second - 1, 0).kind, 'wrong', 'the challenge is live, so this is a failure')
  t.equal(number.state.phone.failures, 1)
  t.equal(number.answer(300 * second, 1).kind, 'wrong', 'the challenge has expired')
  t.equal(number.state.phone.misses, 1)
})

t.test('a resend repeats the challenge and extends its life, to at most ten minutes', async (t) => {
  const number = createNumber({ ttlMs: 300 * second, resendMs: 10 * second, sendsPerHour: 0, sendsPerDay: 0 })
  number.send(0)
  t.strictSame(number.send(200 * second), {
    kind: 'sent', challengeId: 'id 1', sendAttempt: 2, expiresAt: 500 * second, nextSendAt: 220 * second, usesDeviceAllowance: false
  })
  t.match(number.send(440 * second), { challengeId: 'id 1', sendAttempt: 3, expiresAt: 600 * second })
  t.match(number.send(540 * second), { challengeId: 'id 1', sendAttempt: 4, expiresAt: 600 * second }, 'a minute of its life is left')
})

t.test('with less than a minute left a resend starts a new challenge', async (t) => {
  const number = createNumber()
  number.send(0)
  t.match(number.send(240 * second + 1), { challengeId: 'id 2', sendAttempt: 1, expiresAt: 540 * second + 1 })
  t.equal(number.answer(240 * second + 1, 1).kind, 'wrong')
  t.equal(number.answer(240 * second + 1, 2).kind, 'right')
})

t.test('resend cooldowns grow from 30 to 300 s', async (t) => {
  const number = createNumber()
  let at = 0
  for (const cooldown of [30, 60, 120, 300, 300, 300]) {
    t.equal(number.send(at).kind, 'sent')
    const early = number.send(at + cooldown * second - 1)
    t.match(early, { kind: 'waiting', nextSendAt: at + cooldown * second }, `${cooldown} s`)
    at += cooldown * second
  }
})

t.test('resend cooldowns start again after an hour without a send', async (t) => {
  const number = createNumber()
  for (const at of [0, 30, 90]) number.send(at * second)
  t.match(number.send(90 * second + hour - 1), {
    nextSendAt: 90 * second + hour - 1 + 300 * second
  }, 'the cooldown has not started again a moment earlier')
  t.match(number.send(390 * second + 2 * hour), { nextSendAt: 420 * second + 2 * hour })
})

t.test('during the cooldown the outcome is the live challenge, or too_soon if it has expired', async (t) => {
  const number = createNumber({ ttlMs: 20 * second, resendMs: 30 * second, sendsPerHour: 0, sendsPerDay: 0 })
  number.send(0)
  t.strictSame(number.send(19 * second), {
    kind: 'waiting', challengeId: 'id 1', sendAttempt: 1, expiresAt: 20 * second, nextSendAt: 30 * second
  })
  t.strictSame(number.send(20 * second), { kind: 'too_soon', retryAt: 30 * second })
})

t.test('a right answer ends the challenge, resets the failures and ends the cooldown', async (t) => {
  const number = createNumber()
  number.send(0)
  number.fail(1, 4)
  t.strictSame(number.answer(1, 1), {
    kind: 'right', challengeId: 'id 1', sendAttempt: 1, secretId: 's', sealed: 'sealed 1', isNameDisputed: false
  })
  t.match(number.state.phone, {
    failures: 0, misses: 0, lockedUntil: 0, gaps: 0, nextSendAt: 0, hourSends: 1, daySends: 1
  }, 'the sent SMS stay counted')
  t.strictSame(number.send(1), {
    kind: 'sent', challengeId: 'id 2', sendAttempt: 1, expiresAt: 300 * second + 1, nextSendAt: 30 * second + 1, usesDeviceAllowance: false
  })
})

t.test('a repeat of the right answer is recognized and does not count during the life of the code', async (t) => {
  const number = createNumber()
  number.send(0)
  number.answer(1, 1)
  t.strictSame(Array.from({ length: 20 }, () => number.answer(300 * second - 1, 1).kind), Array(20).fill('used'))
  number.send(300 * second - 1)
  t.equal(number.answer(300 * second - 1, 1).kind, 'used')
  t.match(number.state.phone, { failures: 0, misses: 0 }, 'it does not count during a new challenge either')
  number.answer(300 * second, 1)
  t.equal(number.state.phone.failures, 1)
})

t.test('every five wrong answers end the challenge and start a longer lockout', async (t) => {
  const number = createNumber()
  let at = 0
  for (const wait of [30 * second, 5 * minute, hour, day, day, day]) {
    t.equal(number.send(at).kind, 'sent', 'no cooldown from before the lockout remains')
    t.strictSame(number.fail(at, 5), Array(5).fill('wrong'))
    t.equal(number.state.challenge, undefined)
    const locked = { kind: 'locked' as const, retryAt: at + wait }
    t.strictSame([
      number.send(at), number.answer(at, 0), number.send(at + wait - 1), number.answer(at + wait - 1, 1)
    ], Array(4).fill(locked))
    at += wait
  }
  t.equal(number.state.phone.failures, 30, 'answers during a lockout do not count')
})

t.test('failures outlast challenges and cooldowns, and expire after 400 days', async (t) => {
  const number = createNumber()
  number.send(0)
  number.fail(0, 4)
  number.send(400 * day - 1)
  number.fail(400 * day - 1, 1)
  t.equal(number.answer(400 * day - 1, 0).kind, 'locked')
  number.send(800 * day)
  t.strictSame(number.fail(800 * day, 5), Array(5).fill('wrong'))
  t.match(number.answer(800 * day, 0), { kind: 'locked', retryAt: 800 * day + 30 * second }, 'the count started again')
})

t.test('a hundred failures in a row close the number', async (t) => {
  const number = createNumber()
  Object.assign(number.state.phone, { failures: 98, failedAt: start })
  number.send(0)
  number.fail(0, 1)
  t.equal(number.state.phone.failures, 99)
  t.equal(number.answer(0, 0).kind, 'wrong')
  for (const at of [0, day, 300 * day]) {
    t.strictSame(number.send(at), { kind: 'locked', retryAt: at + day }, `after ${at / day} days`)
    t.strictSame(number.answer(at, 1), { kind: 'locked', retryAt: at + day })
  }
})

t.test('answers without a challenge have a separate count, which expires after an hour', async (t) => {
  const number = createNumber()
  t.strictSame(number.fail(0, 5), Array(5).fill('wrong'))
  t.strictSame(number.answer(0, 0), { kind: 'locked', retryAt: 30 * second })
  t.strictSame(number.fail(30 * second, 5), Array(5).fill('wrong'))
  t.strictSame(number.send(30 * second), { kind: 'locked', retryAt: 330 * second })
  t.strictSame(number.fail(330 * second + hour, 4), Array(4).fill('wrong'))
  t.match(number.state.phone, { failures: 0, misses: 4 })
  number.send(330 * second + hour)
  number.fail(330 * second + hour, 4)
  t.equal(number.send(330 * second + hour).kind, 'waiting', 'the two counts do not add up')
})

t.test('a right code without a name gets name_required up to five times', async (t) => {
  const number = createNumber()
  number.send(0, '')
  t.strictSame(Array.from({ length: 5 }, () => number.answer(1, 1, false).kind), Array(5).fill('name_required'))
  t.equal(number.state.phone.failures, 0)
  t.equal(number.answer(1, 1, false).kind, 'wrong')
  t.equal(number.answer(1, 1, true).kind, 'wrong', 'the challenge has ended')
})

t.test('different names of several sends are not used, even across challenges', async (t) => {
  for (const secondSend of [10, 30, 299]) {
    const number = createNumber()
    number.send(0, 'Asha')
    number.send(secondSend * second, 'Usha')
    const candidate = secondSend === 299 ? 2 : 1
    t.equal(number.answer(299 * second, candidate, false).kind, 'name_required')
    t.match(number.answer(299 * second, candidate, true), { kind: 'right', isNameDisputed: true }, `second send after ${secondSend} s`)
  }
})

t.test('a send without a name disputes the name of another send, so that a stranger cannot name the account', async (t) => {
  for (const [first, later] of [['Asha', ''], ['', 'Asha']] as const) {
    const number = createNumber()
    number.send(0, first)
    number.send(30 * second, later)
    t.equal(number.answer(31 * second, 1, false).kind, 'name_required')
    t.match(number.answer(31 * second, 1, true), { kind: 'right', isNameDisputed: true })
  }
})

t.test('a challenge accepts only codes of the secret that created it', async (t) => {
  const { state, send } = createNumber()
  send(0)
  for (const checks of [new Map(), new Map([['other', 'check 1']]), new Map([['s', 'check 2'], ['other', 'check 1']])]) {
    t.strictSame(verify(state, { checks, canRegister: true }, start), { kind: 'wrong' })
  }
  t.match(verify(state, { checks: new Map([['other', 'x'], ['s', 'check 1']]), canRegister: true }, start), { kind: 'right' })
})

t.test('a number is expired once all of its counts are', async (t) => {
  const cases: Array<[string, (number: ReturnType<typeof createNumber>) => void, number]> = [
    ['never seen', () => {}, 0],
    ['sent to', (number) => { number.send(0) }, day],
    ['signed in', (number) => { number.send(0); number.answer(0, 1) }, day],
    ['missed', (number) => { number.answer(0, 0) }, hour],
    ['failed', (number) => { number.send(0); number.answer(0, 0) }, 400 * day]
  ]
  for (const [what, live, until] of cases) {
    const number = createNumber()
    live(number)
    if (until > 0) t.notOk(isExpired(number.state.phone, start + until - 1), `${what}: not before`)
    t.ok(isExpired(number.state.phone, start + until), what)
  }
  const tried = createNumber()
  tried.answer(0, 0)
  Object.assign(tried.state.phone, { failures: 1, failedAt: start })
  t.notOk(isExpired(tried.state.phone, start), 'missed and failed')
  const waiting = createNumber()
  waiting.state.phone.lockedUntil = start + 2
  t.notOk(isExpired(waiting.state.phone, start + 1), 'a number with a running cooldown is not expired')
  t.ok(isExpired(waiting.state.phone, start + 2))
})

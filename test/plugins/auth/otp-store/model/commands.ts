import assert from 'node:assert/strict'
import fc, { type Arbitrary, type AsyncCommand } from 'fast-check'
import type { Purpose } from '../../../../../src/domain/auth/otp.ts'
import type { Requester } from './number.ts'
import type { Run } from './run.ts'

/** fast-check wants a model beside the real thing; here a run holds both. */
type Command = AsyncCommand<object, Run>

function command (what: string, run: (run: Run) => Promise<unknown>): Command {
  return { check: () => true, run: async (_model, real) => { await run(real) }, toString: () => what }
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const purposes: Purpose[] = ['login', 'login', 'login', 'change-7', 'change-8']
const devices = [undefined, undefined, 'phone', 'laptop']
const anyone = fc.record({ purpose: fc.constantFrom(...purposes), device: fc.constantFrom(...devices) })
const stranger: Requester = { purpose: 'login', device: undefined }
const told = ({ purpose, device }: Requester) => `${purpose}${device === undefined ? '' : ` from the known ${device}`}`

/** All lengths in the promises, and one millisecond around each. */
const lengths = [1, 10 * second, 20 * second, 30 * second, minute, 2 * minute, 4 * minute, 5 * minute, 10 * minute, hour, day, 400 * day]
const around = fc.constantFrom(-1, 0, 0, 1)

const send = fc.tuple(anyone, fc.constantFrom('', 'Asha', 'Asha', 'Asha', 'Usha')).map(([requester, name]) =>
  command(`send for ${told(requester)} named "${name}"`, async (run) => await run.send(requester, name)))

const sendAgain = anyone.map((requester) => command(`send for ${told(requester)} without gaps`, async (run) => {
  const outcome = await run.send(requester, 'Asha')
  if ('nextSendAt' in outcome) run.waitUntil(outcome.nextSendAt)
}))

const wait = fc.tuple(fc.constantFrom(...lengths), around).map(([length, off]) => command(`wait ${length + off} ms`, async (run) => { run.wait(length + off) }))
const waitAnyLength = fc.integer({ min: 1, max: 2 * hour }).map((length) => command(`wait ${length} ms`, async (run) => { run.wait(length) }))
/** A resend depends on whether a minute is left. */
const aroundTold = fc.constantFrom(-1, 0, 0, 1, -minute - 1, -minute, -minute + 1)
const waitUntilTold = fc.tuple(fc.nat({ max: 2 }), aroundTold).map(([index, off]) => command(`wait until ${off} ms after moment ${index} that was told`, async (run) => {
  const moment = run.moments[index % Math.max(1, run.moments.length)]
  if (moment !== undefined) run.waitUntil(moment + off)
}))

const answerRight = fc.tuple(anyone, fc.boolean()).map(([requester, isNamed]) =>
  command(`right answer for ${told(requester)} ${isNamed ? '' : 'without a name'}`, async (run) => await run.answer(requester, run.codesOf(requester).at(-1) ?? 'none', isNamed)))
const answerNameless = fc.integer({ min: 1, max: 7 }).map((times) => command(`${times} right answers without a name`, async (run) => {
  for (let count = 0; count < times; count++) await run.answer(stranger, run.codesOf(stranger).at(-1) ?? 'none', false)
}))
const answerWrong = fc.tuple(anyone, fc.integer({ min: 1, max: 6 })).map(([requester, times]) => command(`${times} wrong answers for ${told(requester)}`, async (run) => {
  for (let count = 0; count < times; count++) await run.answer(requester, 'guessed')
}))
/** Used, expired or replaced ones, and the codes of other purposes. */
const answerOld = fc.tuple(anyone, anyone, fc.nat()).map(([requester, of, index]) => command(`code ${index} of ${told(of)} for ${told(requester)}`, async (run) => {
  const codes = run.codesOf(of)
  await run.answer(requester, codes[index % Math.max(1, codes.length)] ?? 'none')
}))

/** What Retry-After says is exact: refused to its last millisecond, and then no longer for that reason. */
const retry = fc.constantFrom<Purpose>('login', 'change-7').map((purpose) => command(`retry ${purpose} when told to`, async (run) => {
  const requester = { purpose, device: undefined }
  const first = await run.send(requester, 'Asha')
  if (!('retryAt' in first) || run.isClosed) return
  run.waitUntil(first.retryAt - 1)
  assert.deepEqual(await run.send(requester, 'Asha'), first)
  run.waitUntil(first.retryAt)
  assert.notEqual((await run.send(requester, 'Asha')).kind, first.kind)
}))

/** Sends and guesses as soon as the rules let a stranger, so that long waits and the closed number come about. */
const attack = fc.constantFrom(1, 2, 3, 4, 21).map((rounds) => command(`attack, ${rounds} rounds`, async (run) => {
  for (let round = 0; round < rounds && !run.isClosed; round++) {
    for (let outcome = await run.send(stranger, 'Asha'); 'retryAt' in outcome; outcome = await run.send(stranger, 'Asha')) run.waitUntil(outcome.retryAt)
    for (let count = 0; count < 5; count++) await run.answer(stranger, 'guessed')
  }
}))

/** Whether wrong answers from before still count shows at the fifth. */
const failAcross = fc.tuple(fc.constantFrom(hour, 400 * day), around, fc.boolean()).map(([length, off, isSent]) => command(`wrong answers, ${length + off} ms apart`, async (run) => {
  if (isSent) await run.send(stranger, 'Asha')
  for (let count = 0; count < 3; count++) await run.answer(stranger, 'guessed')
  run.wait(length + off)
  if (isSent) await run.send(stranger, 'Asha')
  for (let count = 0; count < 5; count++) await run.answer(stranger, 'guessed')
}))

const login = anyone.map((requester) => command(`login for ${told(requester)}`, async (run) => {
  await run.send(requester, 'Asha')
  await run.answer(requester, run.codesOf(requester).at(-1) ?? 'none')
}))

const revoke = anyone.map((requester) => command(`revoke ${told(requester)}`, async (run) => { await run.revoke(requester) }))
const unlock = fc.constant(command('unlock', async (run) => { await run.unlock() }))
const restart = fc.constant(command('restart', async (run) => { run.restart() }))

const time = [wait, waitAnyLength, waitUntilTold, waitUntilTold]

function life (...arbitraries: Array<Arbitrary<Command>>) {
  return fc.commands([...arbitraries, restart], { maxCommands: 60, size: 'max' })
}

/** Lives of different tempers: of one alone, some states would hardly ever come about. */
export const lives = {
  anything: life(send, sendAgain, ...time, answerRight, answerWrong, answerOld, answerNameless, failAcross, retry, attack, login, revoke, unlock),
  'people who sign in': life(send, send, sendAgain, ...time, answerRight, answerRight, answerOld, answerNameless, login),
  'SMS after SMS': life(sendAgain, sendAgain, sendAgain, retry, login, revoke, waitUntilTold, answerRight),
  guesses: life(send, answerWrong, answerWrong, answerWrong, failAcross, waitUntilTold, waitUntilTold, answerRight, retry),
  'attacks and an owner with a known device': life(attack, attack, login, login, sendAgain, answerWrong, answerOld, ...time)
}

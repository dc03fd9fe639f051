import assert from 'node:assert/strict'
import fc, { type Arbitrary, type AsyncCommand } from 'fast-check'
import type { Purpose } from '../../../../../src/domain/auth/otp.ts'
import type { Requester } from './number.ts'
import type { Run } from './run.ts'

/** A command for fast-check, which passes a model and a real system; here a run holds both. */
type Command = AsyncCommand<object, Run>

function command (title: string, run: (run: Run) => Promise<unknown>): Command {
  return { check: () => true, run: async (_model, real) => { await run(real) }, toString: () => title }
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const purposes: Purpose[] = ['login', 'login', 'login', 'change-7', 'change-8']
const devices = [undefined, undefined, 'phone', 'laptop']
const anyRequester = fc.record({ purpose: fc.constantFrom(...purposes), device: fc.constantFrom(...devices) })
const stranger: Requester = { purpose: 'login', device: undefined }
const describe = ({ purpose, device }: Requester) => `${purpose}${device === undefined ? '' : ` from the known ${device}`}`

/** All durations of the rules; `around` varies each by one millisecond. */
const lengths = [1, 10 * second, 20 * second, 30 * second, minute, 2 * minute, 4 * minute, 5 * minute, 10 * minute, hour, day, 400 * day]
const around = fc.constantFrom(-1, 0, 0, 1)

const send = fc.tuple(anyRequester, fc.constantFrom('', 'Asha', 'Asha', 'Asha', 'Usha')).map(([requester, name]) =>
  command(`send for ${describe(requester)} named "${name}"`, async (run) => await run.send(requester, name)))

const sendAgain = anyRequester.map((requester) => command(`send for ${describe(requester)} when the cooldown ends`, async (run) => {
  const outcome = await run.send(requester, 'Asha')
  if ('nextSendAt' in outcome) run.waitUntil(outcome.nextSendAt)
}))

const wait = fc.tuple(fc.constantFrom(...lengths), around)
  .map(([length, offsetMs]) => command(`wait ${length + offsetMs} ms`, async (run) => { run.wait(length + offsetMs) }))
const waitAnyLength = fc.integer({ min: 1, max: 2 * hour })
  .map((length) => command(`wait ${length} ms`, async (run) => { run.wait(length) }))
/** Includes offsets around one minute before the moment, because a resend in the last minute of a code replaces the code. */
const aroundMoment = fc.constantFrom(-1, 0, 0, 1, -minute - 1, -minute, -minute + 1)
const waitForMoment = fc.tuple(fc.nat({ max: 2 }), aroundMoment)
  .map(([index, offsetMs]) => command(`wait until ${offsetMs} ms after moment ${index} of the last outcome`, async (run) => {
    const moment = run.moments[index % Math.max(1, run.moments.length)]
    if (moment !== undefined) run.waitUntil(moment + offsetMs)
  }))

const answerRight = fc.tuple(anyRequester, fc.boolean()).map(([requester, isNamed]) =>
  command(`right answer for ${describe(requester)} ${isNamed ? '' : 'without a name'}`, async (run) => await run.answer(
    requester, run.sentCodes(requester).at(-1) ?? 'none', isNamed
  )))
const answerNameless = fc.integer({ min: 1, max: 7 }).map((times) => command(`${times} right answers without a name`, async (run) => {
  for (let count = 0; count < times; count++) await run.answer(stranger, run.sentCodes(stranger).at(-1) ?? 'none', false)
}))
const answerWrong = fc.tuple(anyRequester, fc.integer({ min: 1, max: 6 }))
  .map(([requester, times]) => command(`${times} wrong answers for ${describe(requester)}`, async (run) => {
    for (let count = 0; count < times; count++) await run.answer(requester, 'guessed')
  }))
/** Answers with used, expired or replaced codes and with codes of other purposes. */
const answerOld = fc.tuple(anyRequester, anyRequester, fc.nat())
  .map(([requester, codeOwner, index]) => command(`code ${index} of ${describe(codeOwner)} for ${describe(requester)}`, async (run) => {
    const codes = run.sentCodes(codeOwner)
    await run.answer(requester, codes[index % Math.max(1, codes.length)] ?? 'none')
  }))

/** Checks that the retry time is exact: a request is refused until the last millisecond, and then no longer for the same reason. */
const retry = fc.constantFrom<Purpose>('login', 'change-7').map((purpose) => command(`retry ${purpose} at the retry time`, async (run) => {
  const requester = { purpose, device: undefined }
  const first = await run.send(requester, 'Asha')
  if (!('retryAt' in first) || run.isClosed) return
  run.waitUntil(first.retryAt - 1)
  assert.deepEqual(await run.send(requester, 'Asha'), first)
  run.waitUntil(first.retryAt)
  assert.notEqual((await run.send(requester, 'Asha')).kind, first.kind)
}))

/** Sends and guesses as soon as the rules allow, so that long lockouts and closed numbers occur. */
const attack = fc.constantFrom(1, 2, 3, 4, 21).map((rounds) => command(`attack, ${rounds} rounds`, async (run) => {
  for (let round = 0; round < rounds && !run.isClosed; round++) {
    for (let outcome = await run.send(stranger, 'Asha'); 'retryAt' in outcome; outcome = await run.send(stranger, 'Asha')) run.waitUntil(outcome.retryAt)
    for (let count = 0; count < 5; count++) await run.answer(stranger, 'guessed')
  }
}))

/** The lockout at the fifth wrong answer shows whether the wrong answers before the pause still count. */
const failAcross = fc.tuple(fc.constantFrom(hour, 400 * day), around, fc.boolean())
  .map(([length, offsetMs, isSent]) => command(`wrong answers, ${length + offsetMs} ms apart`, async (run) => {
    if (isSent) await run.send(stranger, 'Asha')
    for (let count = 0; count < 3; count++) await run.answer(stranger, 'guessed')
    run.wait(length + offsetMs)
    if (isSent) await run.send(stranger, 'Asha')
    for (let count = 0; count < 5; count++) await run.answer(stranger, 'guessed')
  }))

const login = anyRequester.map((requester) => command(`login for ${describe(requester)}`, async (run) => {
  await run.send(requester, 'Asha')
  await run.answer(requester, run.sentCodes(requester).at(-1) ?? 'none')
}))

const revoke = anyRequester.map((requester) => command(`revoke ${describe(requester)}`, async (run) => { await run.revoke(requester) }))
const unlock = fc.constant(command('unlock', async (run) => { await run.unlock() }))
const restart = fc.constant(command('restart', async (run) => { run.restart() }))

const time = [wait, waitAnyLength, waitForMoment, waitForMoment]

function toSequences (...arbitraries: Array<Arbitrary<Command>>) {
  return fc.commands([...arbitraries, restart], { maxCommands: 60, size: 'max' })
}

/** Scenarios with different mixes of commands, because a single mix would rarely reach some states. */
export const scenarios = {
  'any command': toSequences(
    send, sendAgain, ...time, answerRight, answerWrong, answerOld, answerNameless, failAcross, retry, attack, login, revoke, unlock
  ),
  'users who sign in': toSequences(send, send, sendAgain, ...time, answerRight, answerRight, answerOld, answerNameless, login),
  'repeated SMS': toSequences(sendAgain, sendAgain, sendAgain, retry, login, revoke, waitForMoment, answerRight),
  'guessed codes': toSequences(send, answerWrong, answerWrong, answerWrong, failAcross, waitForMoment, waitForMoment, answerRight, retry),
  'attacks and an owner with a known device': toSequences(attack, attack, login, login, sendAgain, answerWrong, answerOld, ...time)
}

import type { Test } from 'tap'
import type { OtpStore } from '../../../plugins/auth/otp-store/contract.ts'
import { createNumber, day, minute, second, type MakeStore, type NumberOptions, type TestNumber } from './number.ts'

/** Creates two requesters of one number: a stranger, and a trusted device that starts at the clock of the stranger. */
function createPair (store: OtpStore, options: NumberOptions = {}): { stranger: TestNumber, device: TestNumber } {
  const stranger = createNumber(store, options)
  return { stranger, device: createNumber(store, { ...options, of: stranger, device: 'known' }) }
}

async function lock ({ stranger, device }: ReturnType<typeof createPair>): Promise<void> {
  await stranger.challenge()
  await stranger.guess(5)
  device.join(stranger)
}

/** Tests the allowance of a trusted device after strangers have used up the limits of the number. */
export function testDevices (t: Test, makeStore: MakeStore): void {
  t.test('the owner signs in during a lockout that a stranger caused, which ends it', async (t) => {
    const pair = createPair(await makeStore(t))
    await lock(pair)
    const { stranger, device } = pair
    t.equal((await stranger.send()).kind, 'locked')
    const sent = await device.send()
    t.match(sent, { kind: 'sent', sendAttempt: 1, nextSendAt: device.now + 30 * second, usesDeviceAllowance: true })
    const id = 'challengeId' in sent ? sent.challengeId : ''
    t.equal((await stranger.answer(id)).kind, 'locked', 'the stranger stays locked out, even with the code')
    t.equal((await device.answer(id)).kind, 'right')
    t.equal((await stranger.send()).kind, 'sent')
  })

  t.test('a trusted device signs in at a closed number', async (t) => {
    const store = await makeStore(t)
    const { stranger, device } = createPair(store)
    for (let count = 0; count < 20; count++) {
      await stranger.challenge()
      await stranger.guess(5)
      stranger.pass(day)
    }
    device.join(stranger)
    t.equal((await stranger.send()).kind, 'locked')
    t.equal((await device.answer(await device.challenge())).kind, 'right')
  })

  t.test('a trusted device gets three SMS a day after the number has used up its own', async (t) => {
    const { stranger, device } = createPair(await makeStore(t), { sendsPerDay: 1 })
    await stranger.challenge()
    for (const cooldown of [30, 60, 120]) {
      device.pass(cooldown * second)
      t.match(await device.send(), { kind: 'sent', usesDeviceAllowance: true })
      t.match(await device.send(), { kind: 'waiting' })
    }
    device.pass(300 * second)
    t.match(await device.send(), { kind: 'limited', retryAt: stranger.now + day })
    stranger.join(device)
    t.equal((await stranger.send()).kind, 'limited')
  })

  t.test('a device uses the SMS of the number while there are any left', async (t) => {
    const { device } = createPair(await makeStore(t))
    t.match(await device.send(), { kind: 'sent', usesDeviceAllowance: false })
  })

  t.test('a device has five guesses of its own, which do not count for the number', async (t) => {
    const pair = createPair(await makeStore(t))
    await lock(pair)
    const { stranger, device } = pair
    const id = await device.challenge()
    t.strictSame(await device.guess(6), ['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'locked'])
    t.equal((await device.answer(id)).kind, 'locked')
    stranger.pass(30 * second)
    t.equal((await stranger.answer(id)).kind, 'wrong', 'the fifth guess ended the challenge')
    t.equal((await stranger.send()).kind, 'sent', 'the lockout of the number is not longer than before')
  })

  t.test('an allowance is renewed after a day', async (t) => {
    const store = await makeStore(t)
    const pair = createPair(store)
    const { stranger, device } = pair
    for (const lockout of [30 * second, 5 * minute, 60 * minute]) {
      await lock(pair)
      stranger.pass(lockout)
    }
    await lock(pair)
    await device.guess(5)
    t.equal((await device.answer('guessed')).kind, 'locked')
    device.pass(day - 1)
    t.equal((await device.answer('guessed')).kind, 'locked', 'the allowance is not renewed earlier')
    device.pass(1)
    stranger.join(device)
    await lock(pair)
    t.equal((await device.answer('guessed')).kind, 'wrong')
  })

  t.test('a success does not renew the SMS of an allowance, and ends its cooldown', async (t) => {
    const { stranger, device } = createPair(await makeStore(t), { sendsPerDay: 1 })
    await stranger.answer(await stranger.challenge())
    for (let count = 0; count < 3; count++) t.equal((await device.answer(await device.challenge())).kind, 'right')
    t.strictSame(await device.send(), { kind: 'limited', retryAt: stranger.now + day })
    device.pass(day - 1)
    t.equal((await device.send()).kind, 'limited')
    device.pass(1)
    t.match(await device.send(), { kind: 'sent', usesDeviceAllowance: false })
  })

  t.test('a success does not renew the guesses of an allowance', async (t) => {
    const pair = createPair(await makeStore(t))
    const { stranger, device } = pair
    await lock(pair)
    const id = await device.challenge()
    await device.guess(4)
    t.equal((await device.answer(id)).kind, 'right')
    await lock(pair)
    t.strictSame(await device.guess(2), ['wrong', 'locked'])
    t.equal(device.now, stranger.now, 'no time has passed')
  })

  t.test('a device without a live code is refused until the end of its own cooldown', async (t) => {
    const store = await makeStore(t)
    const pair = createPair(store)
    await lock(pair)
    const { stranger, device } = pair
    stranger.pass(30 * second)
    await lock(pair)
    await device.challenge()
    await store.revoke(device.key, { endsCooldown: true })
    t.strictSame(await device.send(), { kind: 'too_soon', retryAt: device.now + 30 * second })
    device.pass(30 * second - 1)
    t.equal((await device.send()).kind, 'too_soon')
    device.pass(1)
    t.match(await device.send(), { kind: 'sent', usesDeviceAllowance: true })
  })

  t.test('a device is refused until the end of the lockout if that is before the end of its cooldown', async (t) => {
    const store = await makeStore(t)
    const pair = createPair(store, { resendMs: minute })
    await lock(pair)
    const { device } = pair
    await device.challenge()
    await store.revoke(device.key, { endsCooldown: true })
    t.strictSame(await device.send(), { kind: 'locked', retryAt: device.now + 30 * second })
    device.pass(30 * second)
    t.match(await device.send(), { kind: 'sent', usesDeviceAllowance: false })
  })

  t.test('a device without guesses gets no SMS during a lockout, because it could not answer', async (t) => {
    const pair = createPair(await makeStore(t))
    await lock(pair)
    const { device } = pair
    await device.guess(5)
    t.strictSame(await device.send(), { kind: 'locked', retryAt: device.now + 30 * second })
    device.pass(30 * second)
    t.match(await device.send(), { kind: 'sent', usesDeviceAllowance: false })
  })

  t.test('each device has its own allowance', async (t) => {
    const store = await makeStore(t)
    const pair = createPair(store)
    await lock(pair)
    const second = createNumber(store, { of: pair.stranger, device: 'another' })
    await pair.device.guess(5)
    t.equal((await second.answer(await second.challenge())).kind, 'right')
  })

  t.test('an allowance does not change the replies to a stranger', async (t) => {
    const pair = createPair(await makeStore(t))
    await lock(pair)
    const before = [await pair.stranger.send(), await pair.stranger.answer('guessed')]
    await pair.device.challenge()
    t.strictSame([await pair.stranger.send(), await pair.stranger.answer('guessed')], before)
  })
}

import fc from 'fast-check'
import t from 'tap'
import { daysPerYear, guessOdds, type OddsRules } from './odds.ts'
import { simulateAttack, createTarget, day, hour, start, type Actor, type SimulatedAttack } from './attack-simulation.ts'

const usual: OddsRules = { codeLength: 6, sendsPerHour: 5, sendsPerDay: 10 }
const calm = { days: 1, logins: 0, ownDevices: 0, stolenDevices: 0 }

interface Case extends Omit<SimulatedAttack, 'days' | 'logins'> {
  loginsPerDay: number
  /** Upper bound of the guesses in a day or year, and the share of it that the simulated attacker must reach. */
  day: [bound: number, reached: number]
  year: [bound: number, reached: number]
}

const cases: Record<string, Case> = {
  'who never logs in': { logsIn: 'never', loginsPerDay: 0, ownDevices: 0, stolenDevices: 0, day: [20, 1], year: [100, 1] },
  'who never logs in, with a stolen device token': {
    logsIn: 'never', loginsPerDay: 0, ownDevices: 0, stolenDevices: 1, day: [25, 1], year: [1925, 1]
  },
  'who logs in once a day': { logsIn: 'at noon', loginsPerDay: 1, ownDevices: 1, stolenDevices: 0, day: [40, 1], year: [9060, 0.8] },
  'who logs in once a day, with a stolen device token': {
    logsIn: 'at noon', loginsPerDay: 1, ownDevices: 1, stolenDevices: 1, day: [45, 1], year: [10885, 0.8]
  },
  'who logs in after every attack': {
    logsIn: 'after every attack', loginsPerDay: Infinity, ownDevices: 0, stolenDevices: 0, day: [50, 0.9], year: [18250, 0.9]
  },
  'who logs in after every attack, with a stolen device token': {
    logsIn: 'after every attack', loginsPerDay: Infinity, ownDevices: 0, stolenDevices: 1, day: [70, 0.8], year: [25550, 0.8]
  }
}

for (const [owner, { day: inDay, year: inYear, loginsPerDay, ...attack }] of Object.entries(cases)) {
  t.test(`guesses at the number of an owner ${owner} are bounded, and an attack gets close to the bound`, async (t) => {
    for (const [days, [bound, reached]] of [[1, inDay], [daysPerYear, inYear]] as const) {
      const { guesses, chance } = guessOdds(usual, { ...attack, days, logins: days * loginsPerDay })
      t.equal(guesses, bound, `${days} days`)
      t.equal(chance, bound / 1_000_000)
      const made = simulateAttack({ ...usual, ttlMs: 300_000, resendMs: 30_000 }, { ...attack, days })
      t.ok(made <= bound && made >= reached * bound, `${made} of ${bound} in ${days} days`)
    }
  })
}

const actors: Actor[] = (['login', 'change-7', 'change-8'] as const).flatMap((purpose) => [
  { purpose }, { purpose }, { purpose, device: 'own' }, { purpose, device: 'stolen' }
])
const act = fc.record({
  actor: fc.constantFrom(...actors),
  kind: fc.constantFrom('guess', 'guess', 'guess', 'log in'),
  times: fc.integer({ min: 1, max: 5 }),
  pause: fc.constantFrom(0, 0, 0, 30_000, 60_000, 300_000, hour, day)
})
const anyRules = fc.record({
  codeLength: fc.constant(6), sendsPerHour: fc.constantFrom(0, 2, 5), sendsPerDay: fc.constantFrom(0, 1, 3, 10)
})

t.test('no random attack exceeds the bound, with any purposes, devices and moments', async () => {
  fc.assert(fc.property(anyRules, fc.array(act, { maxLength: 300, size: 'max' }), (rules, acts) => {
    const target = createTarget({ ...rules, ttlMs: 300_000, resendMs: 30_000 })
    let now = start
    let logins = 0
    for (const { actor, kind, times, pause } of acts) {
      target.ask(actor, now)
      if (kind === 'guess') target.guess({ ...actor, device: actor.device === 'own' ? undefined : actor.device }, times, now)
      else if (target.logIn(actor, now)) logins += 1
      now += pause
      const days = Math.floor((now - start) / day) + 1
      const { guesses } = guessOdds(rules, { days, logins, ownDevices: 1, stolenDevices: 1 })
      if (target.guesses > guesses) throw new Error(`${target.guesses} guesses in ${days} days with ${logins} logins, above ${guesses}`)
    }
  }), { numRuns: 500 })
})

t.test('fewer SMS and longer codes make guessing less likely', async (t) => {
  const eager = { ...calm, logins: Infinity }
  t.equal(guessOdds({ ...usual, sendsPerDay: 2 }, calm).guesses, 10)
  t.equal(guessOdds({ ...usual, sendsPerDay: 2 }, eager).guesses, 10)
  t.equal(guessOdds({ ...usual, sendsPerDay: 0 }, eager).guesses, 600, 'the limit is five SMS per hour')
  t.equal(guessOdds({ ...usual, codeLength: 8 }, calm).chance, 20 / 10 ** 8)
  t.equal(guessOdds({ ...usual, codeLength: 4 }, { ...eager, days: daysPerYear }).chance, 1, 'a chance is at most 1')
})

t.test('without a limit of SMS the lockouts bound the guesses while the owner does not log in', async (t) => {
  const unlimited = { codeLength: 6, sendsPerHour: 0, sendsPerDay: 0 }
  t.strictSame(guessOdds(unlimited, { ...calm, days: daysPerYear }), { guesses: 100, chance: 0.0001 })
  t.strictSame(guessOdds(unlimited, { ...calm, logins: Infinity }), { guesses: Infinity, chance: 1 })
})

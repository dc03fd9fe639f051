import { numberingChanges, type NumberingChange } from './numbering-changes.ts'

/** Replaces the beginning of a number, if the number has the form that the change expects; `undefined` otherwise. */
type Respell = (e164: string) => string | undefined

/** Returns the function that respells numbers from one side of a change to the other. */
function createRespell (
  { areaDigits, restDigits }: NumberingChange, [from, to]: [string, string], prefixes: ReadonlyMap<string, string>
): Respell {
  const form = new RegExp(`^\\+${from}(\\d{${areaDigits}})(${[...prefixes.keys()].join('|')})(\\d{${restDigits}})$`)
  const respell = (_e164: string, area: string, prefix: string, rest: string) => `+${to}${area}${String(prefixes.get(prefix))}${rest}`
  return (e164) => form.test(e164) ? e164.replace(form, respell) : undefined
}

/** Combines functions for numbers of several calling codes. The pattern makes other numbers cheap, since each login respells a number. */
function combine (entries: Array<[callingCode: string, respell: Respell]>): (e164: string) => string[] {
  const beginning = new RegExp(`^\\+(?:${entries.map(([callingCode]) => callingCode).join('|')})`)
  return (e164) => beginning.test(e164) ? entries.flatMap(([, respell]) => respell(e164) ?? []) : []
}

const findNew = combine(numberingChanges.map((change) => {
  const { oldCallingCode, newCallingCode, prefixes } = change
  return [oldCallingCode, createRespell(change, [oldCallingCode, newCallingCode], new Map(Object.entries(prefixes)))]
}))

const findOld = combine(numberingChanges.map((change) => {
  const { oldCallingCode, newCallingCode, prefixes } = change
  const inverse = new Map(Object.entries(prefixes).map(([old, current]) => [current, old]))
  return [newCallingCode, createRespell(change, [newCallingCode, oldCallingCode], inverse)]
}))

/** Returns the spelling of a line in the numbering plan of today: another one than `e164` if that is the old spelling of the line. */
export function toCurrentSpelling (e164: string): string {
  return findNew(e164)[0] ?? e164
}

/** Returns all spellings of the line that a number belongs to, the current one first. Most lines have one spelling. */
export function listSpellings (e164: string): [string, ...string[]] {
  const current = toCurrentSpelling(e164)
  return [current, ...findOld(current)]
}

/** The calling codes that old spellings begin with. */
export const changedCallingCodes: readonly string[] = [...new Set(numberingChanges.map(({ oldCallingCode }) => oldCallingCode))]

import { SettingError, type Setting } from './setting.ts'

interface Range { minimum?: number, maximum?: number }

/** Splits a comma-separated value into trimmed items and drops empty ones. */
export function splitList (text: string | undefined): string[] {
  return (text ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '')
}

/** Parses `on` and `true`, `off` and `false`; returns `undefined` for any other text. */
export function parseFlag (text: string): boolean | undefined {
  if (text === 'on' || text === 'true') return true
  return text === 'off' || text === 'false' ? false : undefined
}

/** Creates the setting of an integer with a default. */
export function integer (name: string, initial: number, description: string, range: Range = {}): Setting<number> {
  return { name, description, initial: String(initial), parse: (text = String(initial)) => readInteger(name, text, range) }
}

/** Creates the setting of an integer without a default. */
export function optionalInteger (name: string, description: string, range: Range = {}): Setting<number | undefined> {
  return optional(name, description, (text) => readInteger(name, text, range))
}

/** Creates the setting of a number of seconds, by default from one second to a year. */
export function seconds (name: string, initial: number, description: string, minimum = 1, maximum = 31_536_000): Setting<number> {
  return integer(name, initial, description, { minimum, maximum })
}

function readInteger (name: string, text: string, { minimum = 0, maximum = Infinity }: Range): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value
  throw new SettingError([
    `${name} is not a whole number ${maximum === Infinity ? `of ${minimum} or more` : `from ${minimum} to ${maximum}`}`
  ])
}

/** Creates the setting of one of several words. */
export function choice<Value extends string> (
  name: string, values: readonly Value[], initial: NoInfer<Value>, description: string
): Setting<Value> {
  return {
    name,
    description,
    initial,
    parse (text = initial) {
      const value = values.find((known) => known === text)
      if (value === undefined) throw new SettingError([`${name} is not one of ${values.join(', ')}`])
      return value
    }
  }
}

/** Creates the setting of a switch with a default: `on` or `off`. */
export function flag (name: string, initial: boolean, description: string): Setting<boolean> {
  const word = initial ? 'on' : 'off'
  return { name, description, initial: word, parse: (text = word) => readFlag(name, text) }
}

/** Creates the setting of a switch whose default depends on other settings. */
export function optionalFlag (name: string, description: string): Setting<boolean | undefined> {
  return optional(name, description, (text) => readFlag(name, text))
}

function readFlag (name: string, text: string): boolean {
  const value = parseFlag(text)
  if (value === undefined) throw new SettingError([`${name} is neither on nor off (or true, false)`])
  return value
}

/**
 * Creates the setting of a text with a default. `findProblem` returns the end of a sentence that begins with the name of the
 * variable.
 */
export function text (
  name: string, initial: string, description: string, findProblem?: (value: string) => string | undefined
): Setting<string> {
  return { name, description, initial, parse: (value = initial) => checkText(name, value, findProblem) }
}

/** Creates the setting of a text without a default. */
export function optionalText (
  name: string, description: string, findProblem?: (value: string) => string | undefined
): Setting<string | undefined> {
  return optional(name, description, (value) => checkText(name, value, findProblem))
}

function checkText (name: string, value: string, findProblem: (value: string) => string | undefined = () => undefined): string {
  const problem = findProblem(value)
  if (problem !== undefined) throw new SettingError([`${name}${problem}`])
  return value
}

/**
 * Creates the setting of a comma-separated list, which is empty when unset. `findProblem` checks one item and returns the end of a
 * sentence that begins with the name of the variable.
 */
export function list (name: string, description: string, findProblem: (item: string) => string | undefined): Setting<readonly string[]> {
  return {
    name,
    description,
    initial: undefined,
    parse (value) {
      const items = splitList(value)
      const problems = items.map(findProblem).filter((problem) => problem !== undefined)
      if (problems.length > 0) throw new SettingError(problems.map((problem) => `${name}${problem}`))
      return items
    }
  }
}

/** Creates the setting of a value without a default that has a parser of its own. */
export function optional<Value> (name: string, description: string, parse: (text: string) => Value): Setting<Value | undefined> {
  return { name, description, initial: undefined, parse: (value) => value === undefined ? undefined : parse(value) }
}

/** Creates a check that a text is a URL of one of these protocols. The problem does not repeat the text, which may hold a password. */
export function validateUrl (protocols: readonly string[]): (text: string) => string | undefined {
  return (text) => protocols.includes(URL.parse(text)?.protocol ?? '')
    ? undefined
    : ` is not a URL that begins with ${protocols.join(' or ')}`
}

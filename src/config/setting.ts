/** An environment variable: its documentation, its default and its parser. */
export interface Setting<Value> {
  /** Name of the environment variable. */
  name: string
  /** Another name of the variable, which has precedence. */
  alias?: string
  /** A sentence for operators, in Markdown. */
  description: string
  /** The default as it would be written in the environment; `undefined` when the variable has none. */
  initial: string | undefined
  /**
   * Parses a value without surrounding space. `undefined` stands for an unset variable, for which it never throws.
   * @throws {SettingError}
   */
  parse (text: string | undefined): Value
}

/** The settings of one room, by the name that each has in `config.<room>`. */
export type SettingGroup = Record<string, Setting<unknown>>

/** The parsed values of a group of settings. */
export type ValuesOf<Group extends SettingGroup> = {
  readonly [Name in keyof Group]: Group[Name] extends Setting<infer Value> ? Value : never
}

/** The variable is malformed. Each problem is a sentence that begins with the name of the variable. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
  readonly problems: readonly string[]

  constructor (problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** A check of values that are well formed but may be missing or contradict each other. */
export interface Rule<Values> {
  /** The rule is skipped when one of these is malformed: its problem is reported already. */
  settings: ReadonlyArray<Setting<unknown>>
  /** Sentences that name the variables; empty when nothing is wrong. */
  check (values: Values, isUnset: (setting: Setting<unknown>) => boolean): string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the variables of an environment. A blank value, or one of commas only, counts as unset. */
export class EnvironmentReader {
  readonly problems: string[] = []
  readonly #malformed = new Set<Setting<unknown>>()
  readonly #env: Environment

  constructor (env: Environment) {
    this.#env = env
  }

  isUnset = (setting: Setting<unknown>): boolean => this.textOf(setting) === undefined

  /** Reads a group. A malformed variable is recorded in `problems` and counts as unset. */
  read<Group extends SettingGroup> (group: Group): ValuesOf<Group> {
    return Object.fromEntries(Object.entries(group).map(([name, setting]) => [name, this.#parse(setting)])) as ValuesOf<Group>
  }

  /** True if the problem of the variable is recorded already. */
  isMalformed (setting: Setting<unknown>): boolean {
    return this.#malformed.has(setting)
  }

  /** Applies a rule and records what it finds. */
  apply<Values> ({ settings, check }: Rule<Values>, values: Values): void {
    if (settings.some((setting) => this.isMalformed(setting))) return
    this.problems.push(...check(values, this.isUnset))
  }

  /** Returns the trimmed text of a variable; `undefined` when it is unset. */
  textOf ({ name, alias }: Setting<unknown>): string | undefined {
    const texts = [...(alias === undefined ? [] : [alias]), name].map((each) => this.#env[each]?.trim())
    return texts.find((text) => text !== undefined && !/^[\s,]*$/.test(text))
  }

  #parse (setting: Setting<unknown>): unknown {
    try {
      return setting.parse(this.textOf(setting))
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      this.#malformed.add(setting)
      this.problems.push(...error.problems)
      return setting.parse(undefined)
    }
  }
}

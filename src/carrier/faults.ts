/** What the emulator does wrong when told to. */
export type Fault =
  /** Answers with this status and Twilio error code, and takes nothing. */
  | { kind: 'refuse', status: number, code: number }
  /** Takes the message, but lets the answer wait. */
  | { kind: 'delay', ms: number }
  /** Never answers; `accept` says whether the message was taken all the same. */
  | { kind: 'hang', accept: boolean }

export interface FaultRule {
  fault: Fault
  /** Only for messages to this number; for all when unset. */
  to?: string
  /** How many messages it meets; without end when unset. */
  times?: number
}

export interface Faults {
  add (rule: FaultRule): void
  clear (): void
  /** The fault that meets a message to this number, counted as used. */
  take (to: string): Fault | undefined
}

export function createFaults (): Faults {
  let rules: FaultRule[] = []
  return {
    add (rule) { rules.push({ ...rule }) },
    clear () { rules = [] },
    take (to) {
      const rule = rules.find((candidate) => candidate.to === undefined || candidate.to === to)
      if (rule?.times !== undefined) {
        rule.times -= 1
        if (rule.times <= 0) rules = rules.filter((other) => other !== rule)
      }
      return rule?.fault
    }
  }
}

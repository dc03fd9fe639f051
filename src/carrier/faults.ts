import type { Static } from '@sinclair/typebox'
import type { AnswerFaultSchema, FaultRuleSchema, FaultSchema, ReceiptFaultSchema } from './fault-schemas.ts'

/** A failure that the emulator simulates. */
export type Fault = Static<typeof FaultSchema>
/** A fault of the reply to a message. */
export type AnswerFault = Static<typeof AnswerFaultSchema>
/** A fault of an accepted message or of its receipts. */
export type ReceiptFault = Static<typeof ReceiptFaultSchema>
/** At most one of each kind. */
export type ReceiptFaults = { [Kind in ReceiptFault['kind']]?: Extract<ReceiptFault, { kind: Kind }> }
export type FaultRule = Static<typeof FaultRuleSchema>

export interface Faults {
  add (rule: FaultRule): void
  clear (): void
  /** Returns the rules with uses left, in the order in which they apply. */
  list (): FaultRule[]
  /** Finds the fault for the reply to a message to this number, and counts it as used. */
  useForReply (to: string): AnswerFault | undefined
  /** Finds the faults of an accepted message to this number, the first rule of each kind, and counts them as used. */
  useForReceipts (to: string): ReceiptFaults
}

export function createFaults (): Faults {
  let rules: FaultRule[] = []

  /** Uses the first rule for this number whose fault matches. */
  function use<Match extends Fault> (to: string, isMatch: (fault: Fault) => fault is Match): Match | undefined {
    for (const rule of rules) {
      const { fault, to: only } = rule
      if (!isMatch(fault) || (only !== undefined && only !== to)) continue
      if (rule.times !== undefined) rule.times -= 1
      if (rule.times === 0) rules = rules.filter((other) => other !== rule)
      return fault
    }
    return undefined
  }

  return {
    add (rule) { rules.push({ ...rule }) },
    clear () { rules = [] },
    list: () => rules.map((rule) => ({ ...rule })),
    useForReply: (to) => use(to, isAnswerFault),
    useForReceipts: (to) => ({
      late: use(to, (fault) => fault.kind === 'late'),
      fail: use(to, (fault) => fault.kind === 'fail'),
      disorder: use(to, (fault) => fault.kind === 'disorder'),
      duplicate: use(to, (fault) => fault.kind === 'duplicate')
    })
  }
}

const receiptKinds: Record<ReceiptFault['kind'], true> = { late: true, fail: true, disorder: true, duplicate: true }

function isAnswerFault (fault: Fault): fault is AnswerFault {
  return !(fault.kind in receiptKinds)
}

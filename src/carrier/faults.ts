import type { Static } from '@sinclair/typebox'
import type { AnswerFaultSchema, FaultRuleSchema, FaultSchema, ReceiptFaultSchema } from './fault-schemas.ts'

/** What the emulator does wrong when told to. */
export type Fault = Static<typeof FaultSchema>
/** What can become of the answer to a message. */
export type AnswerFault = Static<typeof AnswerFaultSchema>
/** What can become of a message that was taken, and of its receipts. */
export type ReceiptFault = Static<typeof ReceiptFaultSchema>
/** At most one of each kind. */
export type ReceiptFaults = { [Kind in ReceiptFault['kind']]?: Extract<ReceiptFault, { kind: Kind }> }
export type FaultRule = Static<typeof FaultRuleSchema>

export interface Faults {
  add (rule: FaultRule): void
  clear (): void
  /** The rules that are not used up, in the order of their turn. */
  list (): FaultRule[]
  /** The fault that meets the answer to a message to this number, counted as used. */
  take (to: string): AnswerFault | undefined
  /** The faults that meet a taken message to this number: the first rule of each kind, counted as used. */
  takeForReceipts (to: string): ReceiptFaults
}

export function createFaults (): Faults {
  let rules: FaultRule[] = []

  /** The first rule for this number whose fault is meant. */
  function use<Meant extends Fault> (to: string, isMeant: (fault: Fault) => fault is Meant): Meant | undefined {
    for (const rule of rules) {
      const { fault, to: only } = rule
      if (!isMeant(fault) || (only !== undefined && only !== to)) continue
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
    take: (to) => use(to, isAnswerFault),
    takeForReceipts: (to) => ({
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

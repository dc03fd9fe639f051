export type Operation = 'CreateBucket' | 'DeleteObject' | 'GetObject' | 'HeadBucket' | 'HeadObject' | 'ListObjectsV2' | 'PutObject'

export type FaultKind =
  /** Answers an error at once, without reading the request's body. */
  | { kind: 'refuse', status: number, code: string }
  /** Says nothing. */
  | { kind: 'hang' }
  /** Breaks the connection, before the work or after it. */
  | { kind: 'reset', isDone?: boolean }
  /** Sends so many bytes of the body and then nothing, or breaks the connection there. */
  | { kind: 'stall' | 'cut', afterBytes: number }
  /** Announces so many bytes more, or less. */
  | { kind: 'length', differenceBytes: number }

export type Fault = FaultKind & {
  /** Any, when not given. */
  operation?: Operation
  /** How often; once, when not given. */
  times?: number
}

/** Faults to come, used up in order. */
export class Faults {
  #waiting: Array<{ fault: Fault, left: number }> = []

  add (...faults: Fault[]): void {
    this.#waiting.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })))
  }

  clear (): void {
    this.#waiting = []
  }

  list (): Fault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }))
  }

  take (operation: Operation): Fault | undefined {
    const next = this.#waiting.find(({ fault }) => fault.operation === undefined || fault.operation === operation)
    if (next === undefined) return undefined
    next.left -= 1
    if (next.left <= 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== next)
    return next.fault
  }
}

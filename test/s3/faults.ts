export type Operation = 'CreateBucket' | 'DeleteObject' | 'GetObject' | 'HeadBucket' | 'HeadObject' | 'ListObjectsV2' | 'PutObject'

export type FaultKind =
  /** Answers with an error at once, without reading the body of the request. */
  | { kind: 'refuse', status: number, code: string }
  /** Never answers. */
  | { kind: 'hang' }
  /** Closes the connection, before the work or after it. */
  | { kind: 'reset', isDone?: boolean }
  /** Sends this number of bytes of the body, then stalls or closes the connection. */
  | { kind: 'stall' | 'cut', afterBytes: number }
  /** States a length that differs from the body by this number of bytes. */
  | { kind: 'length', differenceBytes: number }

export type Fault = FaultKind & {
  /** Defaults to every operation. */
  operation?: Operation
  /** Number of uses; defaults to one. */
  times?: number
}

/** The pending faults, which are used in order. */
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

  use (operation: Operation): Fault | undefined {
    const next = this.#waiting.find(({ fault }) => fault.operation === undefined || fault.operation === operation)
    if (next === undefined) return undefined
    next.left -= 1
    if (next.left <= 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== next)
    return next.fault
  }
}

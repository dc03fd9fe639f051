/** What S3 answers instead of doing what it was asked. */
export class Refusal extends Error {
  readonly status: number
  /** Such as `NoSuchKey`. */
  readonly code: string

  constructor (status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

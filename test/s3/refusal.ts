/** An error response of S3. */
export class Refusal extends Error {
  readonly status: number
  /** Error code, such as `NoSuchKey`. */
  readonly code: string

  constructor (status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

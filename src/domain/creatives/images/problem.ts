/** Why an image cannot be taken. The message is a sentence for the person who sent it. */
export class ImageProblem extends Error {
  override readonly name = 'ImageProblem'
  readonly kind: 'broken' | 'too_large'

  constructor (kind: 'broken' | 'too_large', message: string) {
    super(message)
    this.kind = kind
  }
}

/** `what` says what is wrong, as the second half of a sentence that begins with "The image". */
export function broken (what: string): ImageProblem {
  return new ImageProblem('broken', `The image ${what}. Open it, save it anew as JPEG, PNG or GIF, and send that.`)
}

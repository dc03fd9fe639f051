import { resaveAdvice } from '../image.ts'

/** The image cannot be accepted. The message is a sentence for the person who sent it. */
export class ImageError extends Error {
  override readonly name = 'ImageError'
  readonly kind: 'broken' | 'too_large'

  constructor (kind: 'broken' | 'too_large', message: string) {
    super(message)
    this.kind = kind
  }
}

/** `predicate` completes a sentence that begins with "The image". */
export function broken (predicate: string): ImageError {
  return new ImageError('broken', `The image ${predicate}. ${resaveAdvice}`)
}

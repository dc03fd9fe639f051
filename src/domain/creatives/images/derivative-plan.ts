import { broken } from './problem.ts'

/** What was taken out of an image, by kind and never by value. */
export type RemovedKind = 'exif' | 'gps' | 'xmp' | 'iptc' | 'comment' | 'thumbnail' | 'text' | 'time' | 'animation' | 'application_data' | 'trailing_data'

/** A stretch of the file to be copied, `end` excluded. */
export interface Stretch {
  start: number
  end: number
}

/** No camera or program leaves and takes in turn so often; without a limit such a file would be all bookkeeping. */
const maximumPieces = 10_000

/** Segments, chunks or blocks: beside 10,000 frames and their controls there is room for much, and reading on would only cost time. */
const maximumParts = 100_000

/** How to write the clean image: stretches of the file, and a few bytes in between that take the place of others. */
export class Recipe {
  readonly pieces: Array<Stretch | Buffer> = []
  readonly removed = new Set<RemovedKind>()
  #last: Stretch | undefined
  #partCount = 0

  /** To be called for each part of the file, kept or not. */
  countPart (): void {
    if (++this.#partCount > maximumParts) throw tooManyParts()
  }

  keep (start: number, end: number): void {
    if (this.#last?.end === start) this.#last.end = end
    else this.#add(this.#last = { start, end })
  }

  insert (bytes: Buffer): void {
    this.#last = undefined
    this.#add(bytes)
  }

  #add (piece: Stretch | Buffer): void {
    if (this.pieces.length === maximumPieces) throw tooManyParts()
    this.pieces.push(piece)
  }
}

function tooManyParts () {
  return broken('is cut into more parts than any camera or program writes')
}

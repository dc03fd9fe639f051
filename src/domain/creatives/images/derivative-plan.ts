import { broken } from './image-error.ts'

/** Kinds of metadata that were removed from an image; the values are never recorded. */
export type RemovedKind =
  'exif' | 'gps' | 'xmp' | 'iptc' | 'comment' | 'thumbnail' | 'text' | 'time' | 'animation' | 'application_data' |
  'trailing_data' | 'gain_map'

/** A range of the file to copy; `end` is exclusive. */
export interface Span {
  start: number
  end: number
}

/** Limits the memory for bookkeeping. Cameras and programs never alternate retained and removed parts this often. */
const maximumPieces = 10_000

/** Most segments, chunks or blocks of a file: far more than 10,000 frames with their controls need. */
const maximumParts = 100_000

/** The plan of the clean image: ranges of the file, and short replacements between them. */
export class DerivativePlan {
  readonly pieces: Array<Span | Buffer> = []
  readonly removed = new Set<RemovedKind>()
  #last: Span | undefined
  #partCount = 0

  /** Length of the clean image. */
  get byteCount (): number {
    return this.pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.end - piece.start), 0)
  }

  /** Call it for each part of the file, retained or removed. @throws {ImageError} if there are too many */
  countPart (): void {
    if (++this.#partCount > maximumParts) throw tooManyParts()
  }

  copy (start: number, end: number): void {
    if (this.#last?.end === start) this.#last.end = end
    else this.#add(this.#last = { start, end })
  }

  insert (bytes: Buffer): void {
    this.#last = undefined
    this.#add(bytes)
  }

  /** Returns a plan that copies none of these ranges of the file, which are in ascending order and hold this kind of metadata. */
  without (cuts: readonly Span[], cutKind: RemovedKind): DerivativePlan {
    const plan = new DerivativePlan()
    for (const kind of [...this.removed, cutKind]) plan.removed.add(kind)
    for (const piece of this.pieces) {
      if (Buffer.isBuffer(piece)) plan.insert(piece)
      else for (const { start, end } of subtract(piece, cuts)) plan.copy(start, end)
    }
    return plan
  }

  #add (piece: Span | Buffer): void {
    if (this.pieces.length === maximumPieces) throw tooManyParts()
    this.pieces.push(piece)
  }
}

function subtract (span: Span, cuts: readonly Span[]): Span[] {
  const starts = [span.start, ...cuts.map(({ end }) => Math.max(end, span.start))]
  const ends = [...cuts.map(({ start }) => Math.min(start, span.end)), span.end]
  return starts.map((start, index) => ({ start, end: Number(ends[index]) })).filter(({ start, end }) => start < end)
}

function tooManyParts () {
  return broken('consists of more parts than any camera or program writes')
}

/** Codes of at most this many bits are found in one step; photos hold few longer ones. */
const quickBits = 10
const longestCode = 16

/** A Huffman table (ITU-T T.81, annex C). */
export interface HuffmanTable {
  /** For each value of the next `quickBits` bits: the length of the code times 256, plus its symbol; 0 if the code is longer. */
  quick: Uint16Array
  /** For each length: the first value of 16 bits that begins with no code of up to this length. */
  limits: Uint32Array
  /** For each length: the difference between the index of a symbol and its code. */
  offsets: Int32Array
  symbols: Uint8Array
}

/**
 * Reads the tables of one DHT segment, whose key is the class (0 for DC, 16 for AC) plus the number. Malformed tables are left to the
 * decoder, which refuses them.
 */
export function readHuffmanTables (data: Buffer, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 1 + longestCode <= data.length;) {
    const counts = data.subarray(at + 1, at + 1 + longestCode)
    const symbolsStart = at + 1 + longestCode
    const symbolsEnd = symbolsStart + counts.reduce((sum, count) => sum + count, 0)
    tables.set(data.readUInt8(at), buildTable(counts, Uint8Array.from(data.subarray(symbolsStart, symbolsEnd))))
    at = symbolsEnd
  }
}

function buildTable (counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = {
    quick: new Uint16Array(2 ** quickBits), limits: new Uint32Array(longestCode + 1), offsets: new Int32Array(longestCode + 1), symbols
  }
  let code = 0
  let index = 0
  for (const [position, count] of counts.entries()) {
    const length = position + 1
    table.offsets[length] = index - code
    if (length <= quickBits) {
      const width = 2 ** (quickBits - length)
      for (let next = 0; next < count; next++) {
        table.quick.fill(length << 8 | Number(symbols[index + next]), (code + next) * width, (code + next + 1) * width)
      }
    }
    index += count
    code += count
    table.limits[length] = code << (longestCode - length)
    code *= 2
  }
  return table
}

/** The tables for the blocks of a unit (MCU), in the order of the data. */
export type UnitTables = ReadonlyArray<{ dc: HuffmanTable, ac: HuffmanTable }>

/** Reads over entropy-coded data in a window. Behind a marker, or the end of the window, it supplies zero bits as decoders do. */
export class EntropyReader {
  /** Position in the window. */
  position = 0
  #bytes: Uint8Array = new Uint8Array()
  /** The last `#count` bits are not consumed. */
  #bits = 0
  #count = 0
  /** Number of supplied bits among `#count`. */
  #supplied = 0

  /** Continues in a window that begins at the position. Call `unread` before. */
  open (bytes: Uint8Array): void {
    this.#bytes = bytes
    this.position = 0
  }

  /** Number of bytes from the position to the end of the window. */
  get left (): number {
    return this.#bytes.length - this.position
  }

  /** Skips one unit of a sequential scan. Returns false if it ends early, or has a code that is in no table. */
  skipUnit (tables: UnitTables): boolean {
    for (const { dc, ac } of tables) {
      const size = this.#decode(dc)
      if (size < 0 || size > longestCode) return false
      this.#discard(size)
      for (let coefficient = 1; coefficient < 64; coefficient++) {
        const symbol = this.#decode(ac)
        if (symbol < 0) return false
        const length = symbol & 15
        if (length === 0 && symbol !== 0xf0) break
        coefficient += symbol >> 4
        this.#discard(length)
      }
    }
    return this.#count >= this.#supplied
  }

  /** Moves the position back to the first byte that no consumed bit belongs to. */
  unread (): void {
    const left = this.#count - this.#supplied
    for (let byte = left >> 3; byte > 0; byte--) {
      this.position -= this.#bytes[this.position - 1] === 0 && this.#bytes[this.position - 2] === 0xff ? 2 : 1
    }
    this.#bits >>>= this.#count - (left & 7)
    this.#count = left & 7
    this.#supplied = 0
  }

  /** Discards the rest of the current byte, which pads it before a marker. Call `unread` before. */
  align (): void {
    this.#count = 0
  }

  #fill (): void {
    while (this.#count <= 24) {
      const byte = this.#bytes[this.position]
      if (byte === undefined || (byte === 0xff && this.#bytes[this.position + 1] !== 0)) {
        this.#bits <<= 8
        this.#supplied += 8
      } else {
        this.#bits = this.#bits << 8 | byte
        this.position += byte === 0xff ? 2 : 1
      }
      this.#count += 8
    }
  }

  /** Returns the next symbol, or -1 if no code matches. */
  #decode ({ quick, limits, offsets, symbols }: HuffmanTable): number {
    if (this.#count < longestCode) this.#fill()
    const next = this.#bits >>> (this.#count - longestCode) & 0xffff
    const found = Number(quick[next >>> (longestCode - quickBits)])
    if (found !== 0) {
      this.#count -= found >> 8
      return found & 0xff
    }
    for (let length = quickBits + 1; length <= longestCode; length++) {
      if (next >= Number(limits[length])) continue
      this.#count -= length
      return Number(symbols[(next >>> (longestCode - length)) + Number(offsets[length])])
    }
    return -1
  }

  #discard (size: number): void {
    if (this.#count < size) this.#fill()
    this.#count -= size
  }
}

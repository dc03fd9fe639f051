import { constants, crc32, inflateSync } from 'node:zlib'
import { Cursor, type ByteSource } from './cursor.ts'
import type { DerivativePlan } from './derivative-plan.ts'
import { isProfile } from './icc.ts'
import { checksumBytes, extendSum, headBytes, readStart, uint32, type Chunk } from './png-chunks.ts'

/** Replaces the name of a profile, which is free text. */
const profileName = 'ICC'
const longestName = 79

/** Enough of a compressed profile to read its header; it inflates to at most one megabyte. */
const profileStartBytes = 1024

/** Retains a colour profile without its name; removes the chunk if it holds none. */
export async function cleanProfile (source: ByteSource, plan: DerivativePlan, chunk: Chunk): Promise<void> {
  const named = await readStart(source, chunk, longestName + 1)
  const nameEnd = named.indexOf(0)
  if (nameEnd === -1 || !await holdsProfile(source, { ...chunk, start: chunk.start + nameEnd + 2 })) {
    plan.removed.add('application_data')
    return
  }
  if (named.toString('latin1', 0, nameEnd) === profileName) return plan.copy(chunk.start, chunk.end)
  const head = Buffer.alloc(headBytes + profileName.length)
  const dataStart = chunk.start + headBytes + nameEnd
  const dataEnd = chunk.end - checksumBytes
  head.writeUInt32BE(profileName.length + dataEnd - dataStart)
  head.write(`iCCP${profileName}`, 4, 'latin1')
  plan.insert(head)
  plan.copy(dataStart, dataEnd)
  plan.insert(uint32(await extendSum(new Cursor(source, dataStart), dataEnd, crc32(head.subarray(4)))))
}

/** True if the chunk data is a compressed profile; `start` is shifted so that the data begins after the name. */
async function holdsProfile (source: ByteSource, chunk: Chunk): Promise<boolean> {
  const compressed = await readStart(source, chunk, profileStartBytes)
  try {
    return isProfile(inflateSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH }))
  } catch {
    return false
  }
}

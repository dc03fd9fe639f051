import type { ItemTable, PropertyLink } from './avif-items.ts'
import { boxHeadBytes, writeBox } from './boxes.ts'
import { isProfile } from './icc.ts'
import { broken } from './image-error.ts'

/** Content lengths of the properties that affect the decoding or the appearance of pixels; decoders ignore other lengths. */
const lengths: Record<string, readonly number[]> = {
  ispe: [12], irot: [1], imir: [1], pasp: [8], clli: [4], mdcv: [24], a1op: [1], lsel: [2], a1lx: [7, 13], pixi: [6, 8]
}

const alphaTypes = ['urn:mpeg:mpegB:cicp:systems:auxiliary:alpha', 'urn:mpeg:hevc:2015:auxid:1']
/** Version and flags. */
const fullBytes = 4
/** A codec configuration without the headers that it may repeat. */
const configurationBytes = 4
const nclxBytes = 11

/** Returns the box of a property without what decoders ignore, or `undefined` if that is all. */
export function cleanProperty ({ type, data }: { type: string, data: Buffer }): Buffer | undefined {
  if (type === 'av1C' && data.length >= configurationBytes) return writeBox(type, data.subarray(0, configurationBytes))
  if (type === 'auxC') {
    const alphaType = alphaTypes.find((known) => data.toString('latin1', fullBytes).startsWith(`${known}\0`))
    return alphaType === undefined ? undefined : writeBox(type, Buffer.alloc(fullBytes), Buffer.from(`${alphaType}\0`))
  }
  const isUseful = type === 'colr' ? isColour(data) : lengths[type]?.includes(data.length) === true
  return isUseful ? writeBox(type, data) : undefined
}

function isColour (data: Buffer): boolean {
  const kind = data.toString('latin1', 0, 4)
  return kind === 'nclx' ? data.length === nclxBytes : ['prof', 'rICC'].includes(kind) && isProfile(data.subarray(4))
}

/** The properties of an item that describe its pixels. */
export interface Appearance {
  width: number
  height: number
  isAlpha: boolean
  /** True if it is shown turned by a quarter. */
  isTurned: boolean
  isDeep: boolean
  links: Array<PropertyLink & { box: Buffer }>
  /** True if a property was removed. */
  isCleaned: boolean
}

/** @throws {ImageError} if the size is absent, or a property is missing that decoders need */
export function readAppearance ({ properties }: ItemTable, links: readonly PropertyLink[]): Appearance {
  const appearance: Appearance = { width: 0, height: 0, isAlpha: false, isTurned: false, isDeep: false, links: [], isCleaned: false }
  for (const link of links) {
    const property = properties[link.index - 1]
    const box = property && cleanProperty(property)
    if (box === undefined) {
      if (link.isEssential) throw broken('needs a part that browsers do not support')
      appearance.isCleaned = true
    } else {
      appearance.links.push({ ...link, box })
      readProperty(appearance, box)
    }
  }
  return appearance
}

function readProperty (appearance: Appearance, box: Buffer): void {
  const content = box.subarray(boxHeadBytes)
  switch (box.toString('latin1', 4, boxHeadBytes)) {
    case 'ispe':
      appearance.width = content.readUInt32BE(fullBytes)
      appearance.height = content.readUInt32BE(fullBytes + 4)
      break
    case 'irot':
      appearance.isTurned = (content.readUInt8(0) & 1) === 1
      break
    case 'auxC':
      appearance.isAlpha = true
      break
    case 'av1C':
      appearance.isDeep = (content.readUInt8(2) & 0x40) !== 0
  }
}

import type { DerivativePlan, Span } from './derivative-plan.ts'
import type { Repair } from './facts.ts'
import type { Scan } from './jpeg-scans.ts'

/** Each attempt costs another decoding. Programs leave stray bytes behind one scan, if any. */
const maximumAttempts = 8

/** Warning of libjpeg: the bytes between the last data of a scan and the marker after it, in decimal, and the marker. */
const strayBytes = /(\d+) extraneous bytes before marker 0x([0-9a-f]{2})/

/**
 * Removes stray bytes behind scans. Only a decoder knows where the data of a scan ends, so the removal goes by its warning, and the
 * result is decoded strictly again. If several scans precede the same marker, they are tried in order: a scan that loses data ends too
 * early, which is a different warning.
 */
export function createScanRepair (plan: DerivativePlan, scans: Scan[]): Repair {
  let attempts = 0
  let cuts: Span[] = []
  let candidates: Span[] = []

  return (report) => {
    const match = strayBytes.exec(report)
    if (match === null) cuts = cuts.slice(0, -1)
    else candidates = findCandidates(scans, { byteCount: Number(match[1]), marker: parseInt(String(match[2]), 16), last: cuts.at(-1) })
    const next = candidates.shift()
    if (next === undefined || ++attempts > maximumAttempts) return undefined
    cuts = [...cuts.filter(({ end }) => end !== next.end), next]
    return plan.without(cuts, 'application_data')
  }
}

/** Finds the scans before this marker, from the last cut one on, whose cut is extended if it was too short. */
function findCandidates (scans: Scan[], report: { byteCount: number, marker: number, last: Span | undefined }): Span[] {
  const { byteCount, marker, last = { start: 0, end: 0 } } = report
  return scans.filter(({ end, next }) => next === marker && end >= last.end)
    .map(({ end }) => ({ start: (last.end === end ? last.start : end) - byteCount, end }))
}

const dayMs = 86_400_000

/** The UTC day whose creatives are counted together, `YYYY-MM-DD`. */
export function quotaDay (nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10)
}

/** How long that day still lasts: at least 1. */
export function secondsLeftOfDay (nowMs: number): number {
  return Math.ceil((dayMs - nowMs % dayMs) / 1000)
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1.5 MiB`, for people. */
export function readableBytes (byteCount: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(byteCount, 1)) / 10), units.length - 1)
  return `${Number((byteCount / 1024 ** power).toFixed(1))} ${units[power]}`
}

const dayMs = 86_400_000

/** Returns the UTC day for the daily limit, `YYYY-MM-DD`. */
export function quotaDay (nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10)
}

/** Returns the seconds until that day ends, at least 1. */
export function secondsLeftOfDay (nowMs: number): number {
  return Math.ceil((dayMs - nowMs % dayMs) / 1000)
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Formats a size for people: `1.5 MiB`. */
export function formatBytes (byteCount: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(byteCount, 1)) / 10), units.length - 1)
  return `${Number((byteCount / 1024 ** power).toFixed(1))} ${units[power]}`
}

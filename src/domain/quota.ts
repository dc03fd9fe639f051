const dayMs = 86_400_000

/** The UTC day whose creatives are counted together, `YYYY-MM-DD`. */
export function quotaDay (nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10)
}

/** How long that day still lasts: at least 1. */
export function secondsLeftOfDay (nowMs: number): number {
  return Math.ceil((dayMs - nowMs % dayMs) / 1000)
}

/** `1.5 MiB`, for people. */
export function inMebibytes (byteCount: number): string {
  return `${Number((byteCount / 1_048_576).toFixed(1))} MiB`
}

import type { CounterStore } from './contract.ts'

interface Window {
  endsAt: number
  /** Number of holders of each member; a limit that does not count distinct members has one member, the empty text. */
  holders: Map<string, number>
}

/** Creates counters of one process, lost at a restart. A timer drops each window at its end; the timers do not keep the process alive. */
export function createMemoryCounters (): CounterStore {
  const windows = new Map<string, Window>()

  function openWindow (id: string, now: number, durationMs: number): Window {
    const window = { endsAt: now + durationMs, holders: new Map<string, number>() }
    windows.set(id, window)
    setTimeout(() => { if (windows.get(id) === window) windows.delete(id) }, durationMs).unref()
    return window
  }

  return {
    async acquire ({ name, maximum, windowSeconds, key, member = '' }) {
      const id = `${name}:${key}`
      const now = Date.now()
      const known = windows.get(id)
      const { holders, endsAt } = known !== undefined && known.endsAt > now ? known : openWindow(id, now, windowSeconds * 1000)
      const held = holders.get(member) ?? 0
      const isDistinct = member !== ''
      const count = isDistinct ? holders.size : held
      const needsRoom = !isDistinct || held === 0
      if (needsRoom && count >= maximum) return { kind: 'refused', remainingMs: endsAt - now }
      holders.set(member, held + 1)
      return {
        kind: 'acquired',
        // A window that has ended is no longer in the map, so changing it has no effect.
        async release () {
          const remaining = Number(holders.get(member)) - 1
          if (remaining > 0) holders.set(member, remaining)
          else holders.delete(member)
        }
      }
    }
  }
}

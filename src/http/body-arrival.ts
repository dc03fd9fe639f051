/**
 * Limits of a request body that may arrive slowly. A silence of 30 s covers a phone that changes from one network to another. The
 * floor is far below the 16 kbit/s of a throttled mobile plan, and its window is longer than the silence, so that bytes after a
 * silence can still meet it. No upload lasts longer than the default of SWEEP_GRACE_SECONDS, after which a sweep would discard it.
 */
export const slowBodyLimits = { silenceSeconds: 30, bytesPerSecond: 1024, windowSeconds: 45, totalSeconds: 2700 }

const { silenceSeconds, bytesPerSecond, windowSeconds, totalSeconds } = slowBodyLimits

/** Measures the arrival of one request body. */
export class BodyArrival {
  #receivedBytes: number
  #totalSeconds = 0
  #silentSeconds = 0
  #windowSeconds = 0
  #windowBytes = 0

  /** `receivedBytes` is the number of bytes that the connection has received before. */
  constructor (receivedBytes: number) {
    this.#receivedBytes = receivedBytes
  }

  /**
   * Must be called once a second; returns true when the body has exceeded a limit. `isUnread` tells that received bytes wait for
   * the service to read them: the client cannot send then, so the second counts into the total time alone.
   */
  isTooSlow (receivedBytes: number, isUnread: boolean): boolean {
    const newBytes = receivedBytes - this.#receivedBytes
    this.#receivedBytes = receivedBytes
    if (++this.#totalSeconds >= totalSeconds) return true
    if (isUnread) return false
    this.#silentSeconds = newBytes === 0 ? this.#silentSeconds + 1 : 0
    this.#windowBytes += newBytes
    if (this.#silentSeconds >= silenceSeconds) return true
    if (++this.#windowSeconds < windowSeconds) return false
    const isBelowFloor = this.#windowBytes < bytesPerSecond * windowSeconds
    this.#windowSeconds = 0
    this.#windowBytes = 0
    return isBelowFloor
  }
}

import type { components } from './api.ts'
import type { LoginProblem } from './login-problem.ts'

export type Delivery = components['schemas']['Delivery']
export type SignedIn = components['schemas']['SignedIn']

/**
 * - `number`: ask for the phone number.
 * - `code`: an SMS is under way; ask for its code.
 * - `name`: the code is right and the number is new; ask for a name.
 * - `done`: signed in.
 */
export type LoginStep = 'number' | 'code' | 'name' | 'done'

/** What a login page shows. Each change makes a new object. */
export interface LoginState {
  readonly step: LoginStep
  /** True while a request of the person is under way: disable the buttons. */
  readonly isBusy: boolean
  /** The number as the person typed it. */
  readonly phoneNumber: string
  /** Why the last request failed; absent after a success. */
  readonly problem?: LoginProblem
  /** When another SMS may be requested, in milliseconds since the epoch. */
  readonly resendAt?: number
  /** When the code expires, in milliseconds since the epoch. */
  readonly expiresAt?: number
  /** State of the SMS, with a sentence for the person who waits. */
  readonly delivery?: Delivery
  /** Reply of the login; in step `done` only. */
  readonly signedIn?: SignedIn
}

/** Keeps the device token, which gives a returning person an allowance of attempts of their own. It is no credential. */
export interface DeviceTokens {
  get (): string | undefined | Promise<string | undefined>
  set (token: string): void | Promise<void>
}

/** A part of the `Storage` of browsers. */
export interface StringStorage {
  getItem (key: string): string | null
  setItem (key: string, value: string): void
}

const defaultKey = 'cheershare_device_token'

/**
 * Keeps the device token in a storage such as `localStorage`. A storage that refuses access, as in some private windows, costs the
 * allowance and not the login.
 */
export function deviceTokensIn (storage: StringStorage, key = defaultKey): DeviceTokens {
  return {
    get () {
      try {
        return storage.getItem(key) ?? undefined
      } catch {
        return undefined
      }
    },
    set (token) {
      try {
        storage.setItem(key, token)
      } catch {}
    }
  }
}

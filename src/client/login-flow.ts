import type { CheershareClient, Failure } from './http.ts'
import { watchDelivery } from './delivery-watch.ts'
import { describeFailure, type LoginProblem } from './login-problem.ts'
import type { DeviceTokens, LoginState } from './login-state.ts'

/** Where the session of a login lives: a bearer token for the caller to keep, or a cookie that scripts cannot read. */
export type SessionKind = 'token' | 'cookie'

export interface LoginFlowOptions {
  client: CheershareClient
  deviceTokens?: DeviceTokens
  /** Defaults to `token`. */
  session?: SessionKind
  /** Language of the SMS, as a BCP 47 tag; the service chooses by `Accept-Language` otherwise. */
  locale?: string
  /** Milliseconds since the epoch; defaults to `Date.now`. */
  now?: () => number
}

/**
 * The steps of a login, without a user interface: number, code, name if the service asks for one. Methods resolve when the state has
 * changed and never reject: failures become `state.problem`. A call while another one is under way does nothing.
 */
export interface LoginFlow {
  readonly state: LoginState
  /** Calls the listener after each change; returns a function that ends this. */
  subscribe (listener: (state: LoginState) => void): () => void
  /** Requests an SMS for a number as people type it. Leads to step `code`. */
  requestCode (phoneNumber: string): Promise<void>
  /** Requests another SMS for the same number. */
  resend (): Promise<void>
  /** Sends the code as people type it. Leads to step `done` or `name`. */
  submitCode (otp: string): Promise<void>
  /** Sends the name of a new account with the code. Leads to step `done`. */
  submitName (name: string): Promise<void>
  /** Returns to step `number`, for a number that was mistyped. */
  restart (): void
  /** Whole seconds until `resend` is possible; 0 if it is possible now. */
  resendIn (): number
  /** Ends the polling of the delivery, for a page that goes away. */
  close (): void
}

interface Reply<Data> { data?: Data, error?: unknown, response: Response }

/** Creates the flow of one login. */
export function createLoginFlow (
  { client, deviceTokens, session = 'token', locale, now = Date.now }: LoginFlowOptions
): LoginFlow {
  const listeners = new Set<(state: LoginState) => void>()
  let state: LoginState = { step: 'number', isBusy: false, phoneNumber: '' }
  let stopWatching = () => {}
  let code = ''

  function change (next: LoginState): void {
    state = next
    for (const listener of listeners) listener(state)
  }

  function update (changes: Partial<LoginState>): void {
    change({ ...state, ...changes })
  }

  /** Runs one request at a time. `onFailure` may handle a failure by itself. */
  async function run<Data> (
    ask: () => Promise<Reply<Data>>, onSuccess: (data: Data) => Promise<void> | void, onFailure: (failure: Failure) => boolean = () => false
  ): Promise<void> {
    if (state.isBusy) return
    const { problem: _, ...rest } = state
    change({ ...rest, isBusy: true })
    let problem: LoginProblem | undefined
    try {
      const { data, error, response } = await ask()
      if (data !== undefined) await onSuccess(data)
      else if (!onFailure(error as Failure)) problem = describeFailure(error as Failure, response, now())
    } catch {
      problem = { kind: 'offline' }
    }
    update({ isBusy: false, ...problem === undefined ? {} : { problem } })
  }

  async function deviceToken (): Promise<{ device_token?: string }> {
    const token = await deviceTokens?.get()
    return token === undefined ? {} : { device_token: token }
  }

  async function sendCode (phoneNumber: string): Promise<void> {
    await run(async () => await client.POST('/login', {
      body: { phone_number: phoneNumber, ...await deviceToken(), ...locale === undefined ? {} : { locale } }
    }), (sent) => {
      stopWatching()
      const { delivery: _, ...rest } = state
      change({ ...rest, step: 'code', phoneNumber, resendAt: now() + sent.resend_in * 1000, expiresAt: now() + sent.expires_in * 1000 })
      stopWatching = watchDelivery(client, sent.delivery_id, (delivery) => {
        // Only a failure shortens the wait that the reply announced.
        update(delivery.status === 'failed' ? { delivery, resendAt: now() + delivery.resend_in * 1000 } : { delivery })
      })
    })
  }

  async function verify (otp: string, name?: string): Promise<void> {
    await run(async () => await client.POST('/verify', {
      body: {
        phone_number: state.phoneNumber,
        otp,
        ...await deviceToken(),
        ...name === undefined ? {} : { name },
        ...session === 'cookie' ? { session } : {}
      }
    }), async (signedIn) => {
      stopWatching()
      await deviceTokens?.set(signedIn.device_token)
      update({ step: 'done', signedIn })
    }, ({ code: failure }) => {
      if (failure !== 'CHR_NAME_REQUIRED') return false
      code = otp
      update({ step: 'name' })
      return true
    })
    const { problem, expiresAt = Infinity } = state
    if (problem?.kind === 'wrong_code' && now() >= expiresAt) update({ problem: { ...problem, kind: 'expired_code' } })
  }

  return {
    get state () { return state },
    subscribe (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    requestCode: sendCode,
    async resend () { await sendCode(state.phoneNumber) },
    async submitCode (otp) { await verify(otp) },
    async submitName (name) { await verify(code, name) },
    restart () {
      stopWatching()
      change({ step: 'number', isBusy: false, phoneNumber: state.phoneNumber })
    },
    resendIn: () => Math.max(0, Math.ceil(((state.resendAt ?? 0) - now()) / 1000)),
    close () { stopWatching() }
  }
}

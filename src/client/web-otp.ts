/** A part of the `CredentialsContainer` of browsers, with WebOTP (https://wicg.github.io/web-otp/). */
export interface OtpCredentials {
  get (options: { otp: { transport: string[] }, signal?: AbortSignal }): Promise<unknown>
}

/**
 * Reads the code of an SMS that ends with the line of WebOTP, on Android with Chromium: `readSmsCode(navigator.credentials, signal)`.
 * The service writes that line if OTP_AUTOFILL_DOMAIN is set. Other browsers fill in an `<input autocomplete="one-time-code">`.
 * @returns the code; undefined if the browser has no WebOTP, the person declines, or `signal` aborts
 */
export async function readSmsCode (credentials: OtpCredentials | undefined, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const credential = await credentials?.get({ otp: { transport: ['sms'] }, ...signal === undefined ? {} : { signal } })
    const { code } = (credential ?? {}) as { code?: unknown }
    return typeof code === 'string' ? code : undefined
  } catch {
    return undefined
  }
}

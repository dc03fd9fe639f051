import { measureSms } from './segments.ts'
import type { Template } from './templates.ts'

/** Properties that all texts of a service share. */
export interface TextStyle {
  /** The sender's name in the text. */
  brand: string
  /** Host name for WebOTP and iOS, which fill in a code if the last line is `@host #code`. */
  autofillDomain?: string | undefined
  /** Hash of an Android app, by which the SMS Retriever finds the app that the SMS is for. */
  appHash?: string | undefined
  /** The client named the app hash, so it has precedence over the line for browsers. */
  isForApp?: boolean
}

/** The placeholders that each message may have, without braces. */
export const placeholders = { code: ['code', 'minutes', 'brand'], phone_changed: ['brand'] } as const

/**
 * Formats the text with a code. It contains nothing that a user wrote; otherwise the service could be abused to send
 * arbitrary text to third parties.
 */
export function codeText (template: Template, style: TextStyle, { code, lifeSeconds }: { code: string, lifeSeconds: number }): string {
  const minutes = Math.max(1, Math.round(lifeSeconds / 60))
  const { counted } = template
  const text = counted === undefined ? template.text : template.text.replace(counted.usual, counted.others[minutes] ?? counted.usual)
  return addLines(fill(text, { code, minutes: String(minutes), brand: style.brand }), template, style, code)
}

/** Formats a notice. It contains no phone number and no user name. */
export function noticeText ({ text }: Template, { brand }: TextStyle): string {
  return fill(text, { brand })
}

/** Replaces placeholders in one pass, so that a value cannot introduce another placeholder. */
function fill (text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder)
}

/**
 * Adds the line for browsers, which must be the last one, and the app hash, which may be in any line. The SMS Retriever reads 140
 * bytes, which is one segment: if both lines do not fit, one of them is left out. A country's text is sent as registered.
 * @see https://developers.google.com/identity/sms-retriever/verify
 */
function addLines (text: string, { country }: Template, { autofillDomain, appHash, isForApp = false }: TextStyle, code: string): string {
  if (country !== undefined) return text
  const app = appHash === undefined ? '' : `\n${appHash}`
  const web = autofillDomain === undefined ? '' : `\n@${autofillDomain} #${code}`
  const whole = `${text}${app}${web}`
  if (app === '' || web === '' || measureSms(whole).segments === 1) return whole
  return text + (isForApp ? app : web)
}

import type { Template } from './templates.ts'

/** Properties that all texts of a service share. */
export interface TextStyle {
  /** The sender's name in the text. */
  brand: string
  /** Host name for WebOTP and iOS, which fill in a code if the last line is `@host #code`. */
  autofillDomain?: string | undefined
  /** Hash of an Android app; the SMS Retriever expects it in the last line. */
  appHash?: string | undefined
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
  return fill(text, { code, minutes: String(minutes), brand: style.brand }) + lastLine(template, style, code)
}

/** Formats a notice. It contains no phone number and no user name. */
export function noticeText ({ text }: Template, { brand }: TextStyle): string {
  return fill(text, { brand })
}

/** Replaces placeholders in one pass, so that a value cannot introduce another placeholder. */
function fill (text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder)
}

/** A country's text is sent exactly as registered, without an added line. */
function lastLine ({ country }: Template, { autofillDomain, appHash }: TextStyle, code: string): string {
  if (country !== undefined) return ''
  if (autofillDomain !== undefined) return `\n@${autofillDomain} #${code}`
  return appHash === undefined ? '' : `\n${appHash}`
}

import type { Template } from './templates.ts'

/** What all texts of a service have in common. */
export interface TextStyle {
  /** Whom the SMS says that it is from. */
  brand: string
  /** Host name for WebOTP and iOS, which fill a code in where the last line is `@host #code`. */
  autofillDomain?: string | undefined
  /** Of an Android app, for the SMS Retriever, which looks for it at the end. */
  appHash?: string | undefined
}

/** What may stand in braces in a text. */
export const placeholders = { code: ['code', 'minutes', 'brand'], phone_changed: ['brand'] } as const

/**
 * The text that carries a code. It names the sender and holds nothing that a user wrote, so that
 * nobody can have a stranger's words delivered to a third person.
 */
export function codeText (template: Template, style: TextStyle, { code, lifeSeconds }: { code: string, lifeSeconds: number }): string {
  const minutes = Math.max(1, Math.round(lifeSeconds / 60))
  const { counted } = template
  const text = counted === undefined ? template.text : template.text.replace(counted.usual, counted.others[minutes] ?? counted.usual)
  return fill(text, { code, minutes: String(minutes), brand: style.brand }) + lastLine(template, style, code)
}

/** Without a number or a name. */
export function noticeText ({ text }: Template, { brand }: TextStyle): string {
  return fill(text, { brand })
}

/** In one pass, so that no value can bring a placeholder of its own. */
function fill (text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder)
}

/** Nothing is added to a country's text: as it was registered, so it goes out. */
function lastLine ({ country }: Template, { autofillDomain, appHash }: TextStyle, code: string): string {
  if (country !== undefined) return ''
  if (autofillDomain !== undefined) return `\n@${autofillDomain} #${code}`
  return appHash === undefined ? '' : `\n${appHash}`
}

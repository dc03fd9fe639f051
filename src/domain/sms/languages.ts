import type { Alphabet } from './segments.ts'

/** The texts of a language. `{code}`, `{minutes}` and `{brand}` are placeholders. */
export interface SmsLanguage {
  alphabet: Alphabet
  code: string
  /** A part of `code` with other forms for some numbers: `{minutes} minutes`, but `1 minute`. */
  counted?: { usual: string, others: Readonly<Record<number, string>> }
  phone_changed: string
  /** Words for a code. Phones offer to fill in digits near one of them. */
  codeWords: readonly string[]
}

/**
 * The built-in languages: an entry here adds one. GSM-7 has é, è, à, ù, ì, ò, ñ, ä, ö, ü and ß, but not á, í, ó, ú, ã, õ,
 * ê or ç. A single character outside GSM-7 halves the length of an SMS and doubles its price. Spanish therefore uses
 * `clave`, and Portuguese writes `codigo` without its accent, as its networks do.
 */
export const smsLanguages: Readonly<Record<string, SmsLanguage>> = {
  en: {
    alphabet: 'GSM-7',
    code: '{brand}: your code is {code}. It ends in {minutes} minutes. Never share it.',
    counted: { usual: '{minutes} minutes', others: { 1: '{minutes} minute' } },
    phone_changed: '{brand}: your account was moved to another phone number. If this was not you, contact support at once.',
    codeWords: ['code', 'otp', 'pin']
  },
  hi: {
    alphabet: 'UCS-2',
    code: '{brand}: कोड {code} है। {minutes} मिनट मान्य। किसी को न बताएँ।',
    phone_changed: '{brand}: आपका खाता दूसरे फ़ोन नंबर पर चला गया है। यह आपने नहीं किया, तो तुरंत सहायता से संपर्क करें।',
    codeWords: ['कोड', 'ओटीपी', 'code', 'otp']
  },
  es: {
    alphabet: 'GSM-7',
    code: '{brand}: tu clave es {code}. Vence en {minutes} minutos. Nunca la compartas.',
    counted: { usual: '{minutes} minutos', others: { 1: '{minutes} minuto' } },
    phone_changed: '{brand}: tu cuenta se ha trasladado a otro teléfono. Si no lo pediste, avisa a soporte de inmediato.',
    codeWords: ['clave', 'codigo', 'código', 'pin', 'otp']
  },
  pt: {
    alphabet: 'GSM-7',
    code: 'Seu codigo {brand}: {code}. Vale por {minutes} minutos. Nunca o compartilhe.',
    counted: { usual: '{minutes} minutos', others: { 1: '{minutes} minuto' } },
    phone_changed: '{brand}: sua conta passou para outro telefone. Se outra pessoa fez isso, avise logo o suporte.',
    codeWords: ['codigo', 'código', 'senha', 'token', 'pin', 'otp']
  },
  fr: {
    alphabet: 'GSM-7',
    code: '{brand} : votre code est {code}. Il expire dans {minutes} minutes. Ne le partagez jamais.',
    counted: { usual: '{minutes} minutes', others: { 1: '{minutes} minute' } },
    phone_changed: '{brand} : votre compte est passé à un autre numéro de téléphone. Si ce n\'est pas vous, contactez tout de suite l\'assistance.',
    codeWords: ['code', 'otp', 'pin']
  },
  de: {
    alphabet: 'GSM-7',
    code: '{brand}: Ihr Code ist {code}. Er gilt {minutes} Minuten. Geben Sie ihn nie weiter.',
    counted: { usual: '{minutes} Minuten', others: { 1: '{minutes} Minute' } },
    phone_changed: '{brand}: Ihr Konto gehört jetzt zu einer anderen Telefonnummer. Waren Sie das nicht, melden Sie sich sofort beim Support.',
    codeWords: ['code', 'pin', 'tan', 'otp']
  },
  ar: {
    alphabet: 'UCS-2',
    code: 'رمز {brand} هو {code}، صالح {minutes} دقائق. لا تشاركه أبدًا.',
    counted: { usual: '{minutes} دقائق', others: { 1: 'دقيقة واحدة', 2: 'دقيقتين' } },
    phone_changed: 'انتقل حسابك في {brand} إلى رقم هاتف آخر. إن لم تفعل ذلك بنفسك فاتصل بالدعم فورًا.',
    codeWords: ['رمز', 'كود', 'code', 'otp']
  },
  id: {
    alphabet: 'GSM-7',
    code: '{brand}: kode Anda {code}. Berlaku {minutes} menit. Jangan berikan kepada siapa pun.',
    phone_changed: '{brand}: akun Anda telah dipindahkan ke nomor telepon lain. Jika bukan oleh Anda, segera hubungi dukungan.',
    codeWords: ['kode', 'code', 'otp', 'pin']
  },
  ja: {
    alphabet: 'UCS-2',
    code: '{brand}: 認証コードは{code}です。{minutes}分間有効です。誰にも教えないでください。',
    phone_changed: '{brand}: アカウントの電話番号が変更されました。お心当たりがない場合は、すぐにサポートへご連絡ください。',
    codeWords: ['コード', '番号', 'code', 'otp']
  }
}

/** An emoji, with the selector of its presentation or the modifier of its skin tone. */
const emoji = String.raw`\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?`
/** Digits, # and * in a key. */
const keycap = String.raw`[0-9#*]\ufe0f\u20e3`
/** The flag of a part of a country: a black flag with the letters and digits of its ISO 3166-2 code as tags. */
const subdivisionFlag = String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}`

/** Emoji sequences by Unicode Technical Standard 51, section 1.4.9, among them those of several emoji with zero-width joiners. */
export const emojiSequence = new RegExp(`${subdivisionFlag}|${keycap}|${emoji}(?:\\u200d${emoji})*`, 'gu')

/** ICC.1:2022, §7.2.9: the file signature in the header of every profile. */
const signature = 'acsp'
const signatureStart = 36

/** How many bytes from the start of a profile `isProfile` wants. */
export const profileHeadBytes = signatureStart + signature.length

/** Whether a colour profile begins so. Decoders pass over what is none. */
export function isProfile (head: Buffer): boolean {
  return head.toString('latin1', signatureStart, profileHeadBytes) === signature
}

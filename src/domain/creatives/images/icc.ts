/** ICC.1:2022, §7.2.9: the file signature in the header of every profile. */
const signature = 'acsp'
const signatureStart = 36

/** Number of bytes from the start of a profile that `isProfile` needs. */
export const profileHeadBytes = signatureStart + signature.length

/** True if these are the first bytes of a colour profile. Decoders ignore anything else. */
export function isProfile (head: Buffer): boolean {
  return head.toString('latin1', signatureStart, profileHeadBytes) === signature
}

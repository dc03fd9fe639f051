import { jwtVerify, type JWTHeaderParameters } from 'jose'
import { JOSEError } from 'jose/errors'
import { accessTokenType, claimNames, type AccessTokenClaims } from '../../../src/domain/auth/access-token-claims.ts'
import { algorithms } from '../../../src/domain/auth/signing-keys.ts'
import type { Clock } from '../../../src/process/clock.ts'
import type { SigningKeys } from '../signing-keys/index.ts'

export interface VerifierOptions {
  issuer: string
  clock: Clock
  signingKeys: SigningKeys
}

/**
 * Creates a function that verifies signature, issuer, type and times of a JWT. It returns `undefined` if one of them is wrong, and
 * rejects with an UnavailableError if the key is unknown and the database cannot be asked for it.
 */
export function createVerifier ({ issuer, clock, signingKeys }: VerifierOptions): (jwt: string) => Promise<AccessTokenClaims | undefined> {
  async function findKey ({ kid = '', alg }: JWTHeaderParameters) {
    const key = await signingKeys.find(kid)
    // A key of another algorithm could not be imported, which is not an error of the token for `jose`.
    if (key === undefined || key.algorithm !== alg) throw new JOSEError('no such key')
    return key.publicKey
  }

  return async (jwt) => {
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(jwt, findKey, {
        issuer, typ: accessTokenType, algorithms: [...algorithms], requiredClaims: [...claimNames], currentDate: new Date(clock.now())
      })
      return payload
    } catch (error) {
      if (error instanceof JOSEError) return undefined
      throw error
    }
  }
}

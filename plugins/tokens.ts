import fp from 'fastify-plugin'
import { deleteTokensOfUser, findUsersByTokens } from '../db/tokens.ts'
import type { User } from '../db/schema.ts'
import { authenticationScope, hashToken } from '../src/domain/token.ts'

export interface Tokens {
  /** The user of a token in force, asked from the database each time: a revoked token is refused on the next request. */
  findUser (plaintext: string): Promise<User | undefined>
  /** Ends a user's sessions; returns how many. */
  deleteAllForUser (userId: number, scope?: string): Promise<number>
}

declare module 'fastify' {
  interface FastifyInstance { tokens: Tokens }
}

interface LookUp {
  hash: Buffer
  resolve (user: User | undefined): void
  reject (error: unknown): void
}

/** A bigger batch would only make its first caller wait. */
const maximumBatch = 500

/**
 * Offers `tokens`. The look-ups of one event-loop turn go out as one query, which costs under load a third of a
 * query each; a lone look-up waits for nothing but the end of its turn.
 */
export default fp(async (fastify) => {
  const { db, clock } = fastify
  let waiting: LookUp[] = []

  function ask (batch: readonly LookUp[]): void {
    const hashes = batch.map(({ hash }) => hash)
    findUsersByTokens(db, hashes, { scope: authenticationScope, now: new Date(clock.now()) }).then((users) => {
      const byHash = new Map(users.map(({ hash, ...user }) => [hash.toString('latin1'), user]))
      for (const { hash, resolve } of batch) resolve(byHash.get(hash.toString('latin1')))
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    })
  }

  function flush (): void {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += maximumBatch) ask(all.slice(at, at + maximumBatch))
  }

  fastify.decorate('tokens', {
    findUser: (plaintext) => new Promise((resolve, reject) => {
      if (waiting.push({ hash: hashToken(plaintext), resolve, reject }) === 1) setImmediate(flush)
    }),
    deleteAllForUser: async (userId, scope = authenticationScope) => await deleteTokensOfUser(db, userId, scope)
  })
}, { name: 'tokens', dependencies: ['postgres'], fastify: '5.x' })

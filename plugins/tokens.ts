import fp from 'fastify-plugin'
import { deleteTokensOfUser, findUsersByTokens, type TokenUser } from '../db/tokens.ts'
import type { User } from '../db/schema.ts'
import { authenticationScope, hexHashToken } from '../src/domain/token.ts'

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
  /** In hex. */
  hash: string
  resolve (user: User | undefined): void
  reject (error: unknown): void
}

/** A bigger batch would only make its first caller wait. */
const maximumBatch = 500
/** While two are under way, what comes in gathers into a bigger batch: under load that is less work than more queries. */
const maximumUnderWay = 2

/**
 * Offers `tokens`. The look-ups of an event-loop turn go out as one query, which costs under load a third of a
 * query each; a lone look-up waits for nothing but the end of its turn.
 */
export default fp(async (fastify) => {
  const { db, clock } = fastify
  const waiting: LookUp[] = []
  let underWay = 0

  function ask (batch: readonly LookUp[]): void {
    underWay += 1
    const hashes = batch.map(({ hash }) => hash)
    findUsersByTokens(db, hashes, { scope: authenticationScope, now: new Date(clock.now()) }).then((users) => {
      const byHash = new Map(users.map((found) => [found.hash, userOf(found)]))
      for (const { hash, resolve } of batch) resolve(byHash.get(hash))
    }, (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }).finally(() => {
      underWay -= 1
      setImmediate(flush)
    })
  }

  function flush (): void {
    while (waiting.length > 0 && underWay < maximumUnderWay) ask(waiting.splice(0, maximumBatch))
  }

  fastify.decorate('tokens', {
    findUser: (plaintext) => new Promise((resolve, reject) => {
      if (waiting.push({ hash: hexHashToken(plaintext), resolve, reject }) === 1) setImmediate(flush)
    }),
    deleteAllForUser: async (userId, scope = authenticationScope) => await deleteTokensOfUser(db, userId, scope)
  })
}, { name: 'tokens', dependencies: ['postgres'], fastify: '5.x' })

/** Field by field: a rest pattern costs ten times as much. */
function userOf (found: TokenUser): User {
  return { id: found.id, created_at: found.created_at, name: found.name, phone_number: found.phone_number, version: found.version }
}

import type { Cluster, Redis, Result } from 'ioredis'
import type { IssueOutcome, VerifyOutcome } from '../../src/domain/challenge.ts'
import { placeOfChallenge, type ChallengePlace } from '../../src/domain/otp.ts'
import type { OtpStore } from './contract.ts'
import { ask, createDeadlines } from './deadlines.ts'
import { issueScript, verifyScript } from './scripts.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    otpIssue (...args: Array<string | number>): Result<string[], Context>
    otpVerify (...args: Array<string | number>): Result<string[], Context>
  }
}

/** For any number of instances: one script a step, one round trip each. */
export function createRedisOtpStore (redis: Redis | Cluster): OtpStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('otpIssue', { numberOfKeys: 3, lua: issueScript })
  redis.defineCommand('otpVerify', { numberOfKeys: 3, lua: verifyScript })

  return {
    async issue (place, candidate, rules, now) {
      const { id, secretId, sealed, check, nameTag } = candidate
      return readIssue(await deadlines.run((deadline) => redis.otpIssue(
        ...keysOf(place), now, deadline, rules.ttlMs, rules.resendMs, id, secretId, sealed, check, nameTag
      )))
    },
    async verify (place, answer, now) {
      return readVerify(await deadlines.run((deadline) => redis.otpVerify(
        ...keysOf(place), now, deadline, answer.canRegister ? 1 : 0, ...[...answer.checks].flat()
      )))
    },
    async find (challengeId, now) {
      const [, key] = keysOf(placeOfChallenge(challengeId))
      const [version, id, secretId, sealed, end] = await ask(redis.hmget(key, 'v', 'id', 'secretId', 'sealed', 'expiresAt').catch(noRecord))
      const expiresAt = Number(end)
      return version === '1' && id === challengeId && secretId && sealed && expiresAt > now ? { id, secretId, sealed, expiresAt } : undefined
    },
    async unlock (place) {
      await ask(redis.del(keysOf(place)[0]))
    }
  }
}

function keysOf ({ tag, purpose }: ChallengePlace): [string, string, string] {
  return [`otp:{${tag}}:phone`, `otp:{${tag}}:${purpose}`, `otp:{${tag}}:${purpose}:used`]
}

/** A key of another type counts as absent, as it does for the scripts. */
function noRecord (error: unknown): never[] {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return []
  throw error
}

function readIssue ([kind, first = '', send, expiresAt, nextSendAt]: string[]): IssueOutcome {
  if (kind === 'locked' || kind === 'too_soon') return { kind, retryAt: Number(first) }
  const challenge = { challengeId: first, send: Number(send), expiresAt: Number(expiresAt), nextSendAt: Number(nextSendAt) }
  return kind === 'sent' ? { kind, ...challenge } : { kind: 'waiting', ...challenge }
}

function readVerify ([kind, first = '', secretId = '', sealed = '', disputed]: string[]): VerifyOutcome {
  switch (kind) {
    case 'right': return { kind, challengeId: first, secretId, sealed, isNameDisputed: disputed === '1' }
    case 'locked': return { kind, retryAt: Number(first) }
    case 'name_required': return { kind }
    default: return { kind: 'wrong' }
  }
}

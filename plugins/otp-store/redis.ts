import type { Cluster, Redis, Result } from 'ioredis'
import type { IssueOutcome, VerifyOutcome } from '../../src/domain/challenge.ts'
import { placeOfChallenge, type ChallengePlace } from '../../src/domain/otp.ts'
import type { Asker, OtpStore } from './contract.ts'
import { ask, createDeadlines } from '../../src/redis-deadlines.ts'
import { issueScript } from './issue-script.ts'
import { freeResendScript, resendAtScript } from './resend-scripts.ts'
import { revokeScript } from './revoke-script.ts'
import { verifyScript } from './verify-script.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    otpIssue (...args: Array<string | number>): Result<string[], Context>
    otpVerify (...args: Array<string | number>): Result<string[], Context>
    otpResendAt (...args: Array<string | number>): Result<string[], Context>
    otpFreeResend (...args: Array<string | number>): Result<string[], Context>
    otpRevoke (...args: Array<string | number>): Result<string[], Context>
  }
}

/** For any number of instances: one script a step, one round trip each. */
export function createRedisOtpStore (redis: Redis | Cluster): OtpStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('otpIssue', { numberOfKeys: 4, lua: issueScript })
  redis.defineCommand('otpVerify', { numberOfKeys: 4, lua: verifyScript })
  redis.defineCommand('otpResendAt', { numberOfKeys: 1, lua: resendAtScript })
  redis.defineCommand('otpFreeResend', { numberOfKeys: 2, lua: freeResendScript })
  redis.defineCommand('otpRevoke', { numberOfKeys: 2, lua: revokeScript })

  return {
    async issue (asker, candidate, rules, now) {
      const { id, secretId, sealed, check, nameTag } = candidate
      return readIssue(await deadlines.run((deadline) => redis.otpIssue(
        ...keysOf(asker), deviceKeyOf(asker), now, deadline, isKnown(asker), rules.ttlMs, rules.resendMs, rules.sendsPerHour, rules.sendsPerDay,
        rules.isQuestion === true ? 1 : 0, rules.secretIds === undefined ? '' : `,${rules.secretIds.join()},`, id, secretId, sealed, check, nameTag
      )))
    },
    async verify (asker, answer, now) {
      return readVerify(await deadlines.run((deadline) => redis.otpVerify(
        ...keysOf(asker), deviceKeyOf(asker), now, deadline, isKnown(asker), answer.canRegister ? 1 : 0, ...[...answer.checks].flat()
      )))
    },
    async find (challengeId, now) {
      const [, key] = keysOf(placeOfChallenge(challengeId))
      const [version, id, secretId, sealed, end] = await ask(redis.hmget(key, 'v', 'id', 'secretId', 'sealed', 'expiresAt').catch(noRecord))
      const expiresAt = Number(end)
      return version === '1' && id === challengeId && secretId && sealed && expiresAt > now ? { id, secretId, sealed, expiresAt } : undefined
    },
    async resendAt (challengeId, { sendsPerHour, sendsPerDay }, now) {
      const [phoneKey] = keysOf(placeOfChallenge(challengeId))
      const [, moment] = await deadlines.run((deadline) => redis.otpResendAt(phoneKey, now, deadline, 0, sendsPerHour, sendsPerDay))
      return Number(moment)
    },
    async freeResend ({ challengeId, send }, now) {
      const [phoneKey, challengeKey] = keysOf(placeOfChallenge(challengeId))
      await deadlines.run((deadline) => redis.otpFreeResend(phoneKey, challengeKey, now, deadline, 0, challengeId, send))
    },
    async revoke (place, { endsGap }) {
      const [phoneKey, challengeKey] = keysOf(place)
      await ask(redis.otpRevoke(phoneKey, challengeKey, endsGap ? 1 : 0))
    },
    async unlock (tag) {
      await ask(redis.del(phoneKeyOf(tag)))
    }
  }
}

const phoneKeyOf = (tag: string) => `otp:{${tag}}:phone`
const deviceKeyOf = ({ tag, device }: Asker) => `otp:{${tag}}:device:${device ?? ''}`
const isKnown = ({ device }: Asker) => device === undefined ? 0 : 1

function keysOf ({ tag, purpose }: ChallengePlace): [string, string, string] {
  return [phoneKeyOf(tag), `otp:{${tag}}:${purpose}`, `otp:{${tag}}:${purpose}:used`]
}

/** A key of another type counts as absent, as it does for the scripts. */
function noRecord (error: unknown): never[] {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return []
  throw error
}

function readIssue ([kind, first = '', send, expiresAt, nextSendAt, isReserve]: string[]): IssueOutcome {
  if (kind === 'due') return { kind }
  if (kind === 'locked' || kind === 'too_soon' || kind === 'limited') return { kind, retryAt: Number(first) }
  const challenge = { challengeId: first, send: Number(send), expiresAt: Number(expiresAt), nextSendAt: Number(nextSendAt) }
  return kind === 'sent' ? { kind, ...challenge, isReserve: isReserve === '1' } : { kind: 'waiting', ...challenge }
}

function readVerify ([kind, first = '', secretId = '', sealed = '', disputed, send]: string[]): VerifyOutcome {
  switch (kind) {
    case 'right': return { kind, challengeId: first, send: Number(send), secretId, sealed, isNameDisputed: disputed === '1' }
    case 'locked': return { kind, retryAt: Number(first) }
    case 'name_required': return { kind }
    default: return { kind: 'wrong' }
  }
}

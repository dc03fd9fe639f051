import type { Cluster, Redis, Result } from 'ioredis'
import { createChallenge, type IssueOutcome, type VerifyOutcome } from '../../../src/domain/auth/challenge.ts'
import { placeOfChallenge, type ChallengePlace } from '../../../src/domain/auth/otp.ts'
import { ask, createDeadlines } from '../../../src/redis/deadlines.ts'
import { asAbsent, recordVersion } from '../../../src/redis/scripts.ts'
import type { Asker, LiveChallenge, OtpStore } from './contract.ts'
import { issueScript } from './issue-script.ts'
import { freeResendScript, resendAtScript } from './resend-scripts.ts'
import { revokeScript } from './revoke-script.ts'
import { verifyScript } from './verify-script.ts'

type Reply = Array<string | number>

declare module 'ioredis' {
  interface RedisCommander<Context> {
    otpIssue (...args: Array<string | number>): Result<Reply, Context>
    otpVerify (...args: Array<string | number>): Result<Reply, Context>
    otpResendAt (...args: Array<string | number>): Result<Reply, Context>
    otpFreeResend (...args: Array<string | number>): Result<Reply, Context>
    otpRevoke (...args: Array<string | number>): Result<Reply, Context>
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
      const record = JSON.stringify({ v: recordVersion, ...createChallenge(candidate, rules, now) })
      return readIssue(await deadlines.run((deadline) => redis.otpIssue(
        ...keysOf(asker), deviceKeyOf(asker), now, deadline, isKnown(asker), rules.ttlMs, rules.resendMs, rules.sendsPerHour, rules.sendsPerDay,
        rules.isQuestion === true ? 1 : 0, rules.secretIds === undefined ? '' : `,${rules.secretIds.join()},`,
        candidate.id, candidate.nameTag, record
      )))
    },
    async verify (asker, answer, now) {
      return readVerify(await deadlines.run((deadline) => redis.otpVerify(
        ...keysOf(asker), deviceKeyOf(asker), now, deadline, isKnown(asker), answer.canRegister ? 1 : 0, ...[...answer.checks].flat()
      )))
    },
    async find (challengeId, now) {
      const [, key] = keysOf(placeOfChallenge(challengeId))
      const challenge = readLive(await ask(redis.get(key).catch(asAbsent)), now)
      return challenge?.id === challengeId ? challenge : undefined
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

/** What an SMS needs of a challenge; nothing where that is not there, whatever it is instead. */
function readLive (text: string | null, now: number): LiveChallenge | undefined {
  try {
    const { v, id, secretId, sealed, expiresAt } = JSON.parse(text ?? '{}') as Record<string, unknown>
    if (v !== recordVersion || typeof id !== 'string' || typeof secretId !== 'string' || typeof sealed !== 'string') return undefined
    return Number.isSafeInteger(expiresAt) && Number(expiresAt) > now ? { id, secretId, sealed, expiresAt: Number(expiresAt) } : undefined
  } catch {
    return undefined
  }
}

function readIssue ([kind, first, send, expiresAt, nextSendAt, isReserve]: Reply): IssueOutcome {
  if (kind === 'due') return { kind }
  if (kind === 'locked' || kind === 'too_soon' || kind === 'limited') return { kind, retryAt: Number(first) }
  const challenge = { challengeId: String(first), send: Number(send), expiresAt: Number(expiresAt), nextSendAt: Number(nextSendAt) }
  return kind === 'sent' ? { kind, ...challenge, isReserve: isReserve === 1 } : { kind: 'waiting', ...challenge }
}

function readVerify ([kind, first, secretId, sealed, isNameDisputed, send]: Reply): VerifyOutcome {
  switch (kind) {
    case 'right': return {
      kind, challengeId: String(first), send: Number(send), secretId: String(secretId), sealed: String(sealed), isNameDisputed: isNameDisputed === 1
    }
    case 'locked': return { kind, retryAt: Number(first) }
    case 'name_required': return { kind }
    default: return { kind: 'wrong' }
  }
}

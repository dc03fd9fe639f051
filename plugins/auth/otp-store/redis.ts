import type { Cluster, Redis, Result } from 'ioredis'
import { createChallenge, type IssueOutcome, type VerifyOutcome } from '../../../src/domain/auth/challenge.ts'
import { parseChallengeId, type ChallengeKey } from '../../../src/domain/auth/otp.ts'
import { ask, createDeadlines } from '../../../src/redis/deadlines.ts'
import { asAbsent, recordVersion } from '../../../src/redis/scripts.ts'
import type { Requester, LiveChallenge, OtpStore } from './contract.ts'
import { issueScript } from './issue-script.ts'
import { freeResendScript } from './free-resend-script.ts'
import { revokeScript } from './revoke-script.ts'
import { verifyScript } from './verify-script.ts'

type Reply = Array<string | number>

declare module 'ioredis' {
  interface RedisCommander<Context> {
    otpIssue (...args: Array<string | number>): Result<Reply, Context>
    otpVerify (...args: Array<string | number>): Result<Reply, Context>
    otpFreeResend (...args: Array<string | number>): Result<Reply, Context>
    otpRevoke (...args: Array<string | number>): Result<Reply, Context>
  }
}

/** Creates a store for any number of instances: each step is one script and one round trip. */
export function createRedisOtpStore (redis: Redis | Cluster): OtpStore {
  const deadlines = createDeadlines(redis)
  redis.defineCommand('otpIssue', { numberOfKeys: 4, lua: issueScript })
  redis.defineCommand('otpVerify', { numberOfKeys: 4, lua: verifyScript })
  redis.defineCommand('otpFreeResend', { numberOfKeys: 2, lua: freeResendScript })
  redis.defineCommand('otpRevoke', { numberOfKeys: 2, lua: revokeScript })

  return {
    async issue (requester, { candidate, rules, now }) {
      const record = JSON.stringify({ v: recordVersion, ...createChallenge(candidate, rules, now) })
      return parseIssue(await deadlines.run((deadline) => redis.otpIssue(
        ...toKeys(requester), toDeviceKey(requester), now, deadline, isTrusted(requester),
        rules.ttlMs, rules.resendMs, rules.sendsPerHour, rules.sendsPerDay,
        rules.dryRun === true ? 1 : 0, rules.secretIds === undefined ? '' : `,${rules.secretIds.join()},`,
        candidate.id, candidate.nameTag, record
      )))
    },
    async verify (requester, answer, now) {
      return parseVerify(await deadlines.run((deadline) => redis.otpVerify(
        ...toKeys(requester), toDeviceKey(requester), now, deadline, isTrusted(requester),
        answer.canRegister ? 1 : 0, ...[...answer.checks].flat()
      )))
    },
    async find (challengeId, now) {
      const [, key] = toKeys(parseChallengeId(challengeId))
      const challenge = parseLive(await ask(redis.get(key).catch(asAbsent)), now)
      return challenge?.id === challengeId ? challenge : undefined
    },
    async freeResend ({ challengeId, sendAttempt }, now) {
      const [phoneKey, challengeKey] = toKeys(parseChallengeId(challengeId))
      await deadlines.run((deadline) => redis.otpFreeResend(phoneKey, challengeKey, now, deadline, 0, challengeId, sendAttempt))
    },
    async revoke (key, { endsCooldown }) {
      const [phoneKey, challengeKey] = toKeys(key)
      await ask(redis.otpRevoke(phoneKey, challengeKey, endsCooldown ? 1 : 0))
    },
    async unlock (tag) {
      await ask(redis.del(toPhoneKey(tag)))
    }
  }
}

const toPhoneKey = (tag: string) => `otp:{${tag}}:phone`
const toDeviceKey = ({ tag, device }: Requester) => `otp:{${tag}}:device:${device ?? ''}`
const isTrusted = ({ device }: Requester) => device === undefined ? 0 : 1

function toKeys ({ tag, purpose }: ChallengeKey): [string, string, string] {
  return [toPhoneKey(tag), `otp:{${tag}}:${purpose}`, `otp:{${tag}}:${purpose}:used`]
}

/** Parses the part of a challenge that its SMS needs; `undefined` for any other text. */
function parseLive (text: string | null, now: number): LiveChallenge | undefined {
  try {
    const { v, id, secretId, sealed, expiresAt } = JSON.parse(text ?? '{}') as Record<string, unknown>
    if (v !== recordVersion || typeof id !== 'string' || typeof secretId !== 'string' || typeof sealed !== 'string') return undefined
    return Number.isSafeInteger(expiresAt) && Number(expiresAt) > now ? { id, secretId, sealed, expiresAt: Number(expiresAt) } : undefined
  } catch {
    return undefined
  }
}

function parseIssue ([kind, first, sendAttempt, expiresAt, nextSendAt, usesDeviceAllowance]: Reply): IssueOutcome {
  if (kind === 'dry_run') return { kind }
  if (kind === 'locked' || kind === 'too_soon' || kind === 'limited') return { kind, retryAt: Number(first) }
  const challenge = {
    challengeId: String(first), sendAttempt: Number(sendAttempt), expiresAt: Number(expiresAt), nextSendAt: Number(nextSendAt)
  }
  return kind === 'sent' ? { kind, ...challenge, usesDeviceAllowance: usesDeviceAllowance === 1 } : { kind: 'waiting', ...challenge }
}

function parseVerify ([kind, first, secretId, sealed, isNameDisputed, sendAttempt]: Reply): VerifyOutcome {
  switch (kind) {
    case 'right': return {
      kind,
      challengeId: String(first),
      sendAttempt: Number(sendAttempt),
      secretId: String(secretId),
      sealed: String(sealed),
      isNameDisputed: isNameDisputed === 1
    }
    case 'locked': return { kind, retryAt: Number(first) }
    case 'used':
    case 'name_required': return { kind }
    default: return { kind: 'wrong' }
  }
}

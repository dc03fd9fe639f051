import { Type } from '@sinclair/typebox'
import { Timestamp } from './common.ts'

export const SessionReply = Type.Object({
  id: Type.Integer({ description: 'Id of the session; it reveals nothing about the token' }),
  created_at: Timestamp,
  last_used_at: Type.String({ description: 'RFC 3339, UTC; accurate to a minute', examples: ['2026-11-21T09:30:00.000Z'] }),
  expires_at: Type.String({ description: 'RFC 3339, UTC; each use extends it', examples: ['2026-11-23T09:30:00.000Z'] }),
  user_agent: Type.Union([Type.String(), Type.Null()], {
    description: 'User-Agent of the sign-in, as the client sent it', examples: ['curl/8.5.0']
  }),
  address: Type.Union([Type.String(), Type.Null()], {
    description: 'Address of the sign-in, masked', examples: ['203.0.113.x', '2001:db8:1::x']
  }),
  current: Type.Boolean({ description: 'True for the session making this request' })
}, { title: 'Session' })

export const SessionsReply = Type.Object({ sessions: Type.Array(SessionReply) }, { title: 'Sessions' })

export const SessionParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })

export const EndSessionsQuery = Type.Object({
  all: Type.Optional(Type.Boolean({ description: 'Also end the session making this request' }))
}, { additionalProperties: false })

export const SessionEndedReply = Type.Object({ success: Type.Literal(true), message: Type.String() }, { title: 'Session ended' })

export const SessionsEndedReply = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  ended: Type.Integer({ description: 'Number of sessions that ended' })
}, { title: 'Sessions ended' })

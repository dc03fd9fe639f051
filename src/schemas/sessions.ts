import { Type } from '@sinclair/typebox'
import { Timestamp } from './common.ts'

export const SessionReply = Type.Object({
  id: Type.Integer({ description: 'Of the session; tells nothing about its token' }),
  created_at: Timestamp,
  last_used_at: Type.String({ description: 'RFC 3339, UTC; to within a minute', examples: ['2026-11-21T09:30:00.000Z'] }),
  expires_at: Type.String({ description: 'RFC 3339, UTC; use moves it', examples: ['2026-11-23T09:30:00.000Z'] }),
  user_agent: Type.Union([Type.String(), Type.Null()], { description: 'Of the sign-in, as the client stated it', examples: ['curl/8.5.0'] }),
  address: Type.Union([Type.String(), Type.Null()], { description: 'Of the sign-in, masked', examples: ['203.0.113.x', '2001:db8:1::x'] }),
  current: Type.Boolean({ description: 'Whether it is the one that asks' })
}, { title: 'Session' })

export const SessionsReply = Type.Object({ sessions: Type.Array(SessionReply) }, { title: 'Sessions' })

export const SessionParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })

export const EndSessionsQuery = Type.Object({
  all: Type.Optional(Type.Boolean({ description: 'The one that asks, too' }))
}, { additionalProperties: false })

export const SessionEndedReply = Type.Object({ success: Type.Literal(true), message: Type.String() }, { title: 'Session ended' })

export const SessionsEndedReply = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  ended: Type.Integer({ description: 'How many' })
}, { title: 'Sessions ended' })

import { Type } from '@sinclair/typebox'
import { Id, Moment, nullable, Timestamp } from './common.ts'

export const SessionReply = Type.Object({
  id: Id('Id of the session; it reveals nothing about the token', 17),
  created_at: Timestamp,
  last_used_at: Moment('accurate to a minute'),
  expires_at: Moment('each use extends it', '2026-12-21T09:30:00.000Z'),
  user_agent: nullable(Type.String(), {
    description: 'User-Agent of the sign-in, as the client sent it', examples: ['curl/8.5.0']
  }),
  address: nullable(Type.String(), {
    description: 'Address of the sign-in, masked', examples: ['203.0.113.x', '2001:db8:1::x']
  }),
  current: Type.Boolean({ description: 'True for the session making this request', examples: [true] })
}, { title: 'Session' })

export const SessionsReply = Type.Object({ sessions: Type.Array(SessionReply) }, { title: 'Sessions' })

export const SessionParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Id of the session', examples: [17] })
})

export const EndSessionsQuery = Type.Object({
  all: Type.Optional(Type.Boolean({ description: 'Also end the session making this request' }))
}, { additionalProperties: false })

export const SessionEndedReply = Type.Object({ success: Type.Literal(true), message: Type.String({ examples: ['Session ended'] }) }, { title: 'Session ended' })

export const SessionsEndedReply = Type.Object({
  success: Type.Literal(true),
  message: Type.String({ examples: ['All other sessions ended'] }),
  ended: Type.Integer({ description: 'Number of sessions that ended', examples: [2] })
}, { title: 'Sessions ended' })

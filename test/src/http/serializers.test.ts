import { Ajv } from 'ajv'
import t from 'tap'
import { codeSentReply, creativeReply, deliveryReply, sessionReply, signedInReply, uploadedReply } from '../../../src/http/serializers.ts'
import { newRecord } from '../../contracts/deliveries/delivery.ts'
import { deliveryReasons, type DeliveryReason } from '../../../src/domain/sms/delivery-reasons.ts'
import type { DeliveryState } from '../../../src/domain/sms/delivery.ts'
import { DeliveryReply } from '../../../src/schemas/deliveries.ts'
import { CreativeReply, UploadedReply } from '../../../src/schemas/creatives.ts'
import { CodeSentReply, SignedInReply } from '../../../src/schemas/login.ts'
import { SessionReply } from '../../../src/schemas/sessions.ts'
import { problemsOf } from '../../support/formats.ts'

const createdAt = new Date('2030-01-01T10:00:00+05:30')

t.test('the reply for a sent code has times and a delivery id', async (t) => {
  const reply = codeSentReply({ expiresIn: 300, resendIn: 30, deliveryId: 'x5Zk0yB3mQhW2vTn8sLdRg' })
  t.same(reply, { success: true, message: 'OTP sent successfully', expires_in: 300, resend_in: 30, delivery_id: 'x5Zk0yB3mQhW2vTn8sLdRg' })
  t.same(problemsOf(CodeSentReply, reply), [])
})

t.test('a delivery has one of four statuses, and a reason if it failed', async (t) => {
  const isDelivery = new Ajv({ allowUnionTypes: true }).compile(DeliveryReply)
  const cases: Array<[DeliveryState, DeliveryReason | undefined, string, DeliveryReason | null]> = [
    ['queued', undefined, 'queued', null], ['sending', undefined, 'queued', null], ['sent', undefined, 'sent', null],
    ['delivered', undefined, 'delivered', null],
    ['failed', 'opted_out', 'failed', 'opted_out'], ['failed', undefined, 'failed', 'not_sent'], ['dropped', undefined, 'failed', 'expired']
  ]
  for (const [state, stored, status, reason] of cases) {
    const reply = deliveryReply({ ...newRecord(0), state, reason: stored }, 1001)
    t.match(reply, { status, reason, message: reason === null ? /^The (message|carrier)/ : deliveryReasons[reason], resend_in: 2 }, state)
    t.ok(isDelivery({ ...reply }))
  }
  t.equal(deliveryReply(newRecord(0), -5000).resend_in, 0)
})

t.test('the reply to a sign-in tells whether the user is new, and its times are UTC', async (t) => {
  const user = { id: 7, created_at: createdAt, name: 'Asha', phone_number: '+919812345678', version: 1, hash: 'not for clients' }
  const session = { token: 'A'.repeat(26), expiresAt: new Date('2030-01-03T00:00:00Z'), deviceToken: 'B'.repeat(26) }
  for (const [isNew, message] of [[true, 'User registered successfully'], [false, 'User logged in successfully']] as const) {
    const reply = signedInReply({ user: { ...user, is_new: isNew }, ...session })
    t.same(reply, {
      success: true,
      data: { id: 7, created_at: '2030-01-01T04:30:00.000Z', name: 'Asha', phone_number: '+919812345678', version: 1 },
      message,
      token: session.token,
      token_expires_at: '2030-01-03T00:00:00.000Z',
      device_token: session.deviceToken
    })
    t.same(problemsOf(SignedInReply, reply), [])
  }
})

t.test('the reply for a creative has its links but neither its key nor its owner', async (t) => {
  const row = {
    id: 3,
    user_id: 7,
    creative_url: 'key',
    scheduled_at: null,
    title: 'Holi',
    alt_text: null,
    version: 2,
    created_at: createdAt,
    updated_at: new Date('2030-01-02T00:00:00Z'),
    content_type: 'image/png',
    byte_count: 70,
    sha256: Buffer.alloc(32),
    source_sha256: Buffer.alloc(32),
    width: 4,
    height: 3,
    frame_count: 1,
    dominant_color: '#3366cc',
    thumb_hash: 'aGFzaA==',
    removed: ['exif', 'gps'],
    deleted_at: null,
    owner_name: 'Asha'
  }
  const reply = {
    id: 3,
    creative_url: 'https://example.com/image',
    scheduled_at: null,
    title: 'Holi',
    alt_text: null,
    version: 2,
    created_at: '2030-01-01T04:30:00.000Z',
    updated_at: '2030-01-02T00:00:00.000Z',
    content_type: 'image/png',
    byte_count: 70,
    width: 4,
    height: 3,
    frame_count: 1,
    dominant_color: '#3366cc',
    thumb_hash: 'aGFzaA==',
    removed: ['exif', 'gps'],
    preview_url: 'https://example.com/preview',
    thumbnail_url: 'https://example.com/thumbnail',
    urls_expire_at: '2026-12-01T13:00:00.000Z',
    owner: { id: 7, name: 'Asha' },
    is_mine: true
  }
  const links = {
    url: 'https://example.com/image',
    previewUrl: 'https://example.com/preview',
    thumbnailUrl: 'https://example.com/thumbnail',
    expires: 1_796_130_000
  }
  t.same(creativeReply(row, links, 7), reply)
  t.same(creativeReply(row, links, 8), { ...reply, is_mine: false })
  t.same(problemsOf(CreativeReply, creativeReply(row, links, 7)), [])
  for (const [duplicateOf, expected] of [[undefined, null], [2, 2]] as const) {
    const uploaded = uploadedReply(row, links, duplicateOf)
    t.same(uploaded, { creative: { ...reply, duplicate_of: expected } })
    t.same(problemsOf(UploadedReply, uploaded), [])
  }
})

t.test('a listed session tells whether it makes the request, and has no hash', async (t) => {
  const row = {
    id: 3,
    created_at: createdAt,
    last_used_at: createdAt,
    expiry: createdAt,
    user_agent: null,
    address: '203.0.113.x',
    hash: 'not for clients'
  }
  const time = '2030-01-01T04:30:00.000Z'
  for (const id of [3, 4]) {
    const reply = sessionReply(row, { id })
    t.same(reply, {
      id: 3, created_at: time, last_used_at: time, expires_at: time, user_agent: null, address: '203.0.113.x', current: id === 3
    })
    t.same(problemsOf(SessionReply, reply), [])
  }
})

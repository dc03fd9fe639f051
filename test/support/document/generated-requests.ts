import fc, { type Arbitrary } from 'fast-check'
import type { InjectOptions } from 'fastify'
import { images } from '../../fixtures/images.ts'
import { formOf, formType } from '../forms.ts'
import { spoil, valueOf } from './generated-values.ts'
import { toMembers, type Members, type Operation, type Parameter } from './operations.ts'

export interface GeneratedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  payload: Buffer | string | undefined
  /** Credentials of the sender: those that the operation asks for, none, or wrong ones. */
  sender: 'known' | 'none' | 'unknown'
}

/** Values of path parameters that exist, by the first segment of the path. Without one, or half of the time, any value is sent. */
export type KnownIds = Readonly<Record<string, readonly unknown[]>>

const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((point) => String.fromCharCode(point)), minLength: 1, maxLength: 30 })
const wrongTypes = ['text/plain', 'application/xml', 'application/json', 'multipart/form-data', 'application/x-www-form-urlencoded', 'nonsense'] as const

/** Returns requests of an operation: with valid and invalid parameters, bodies, content types and credentials. */
export function requestOf (operation: Operation, ids: KnownIds): Arbitrary<GeneratedRequest> {
  return fc.record({
    parameters: fc.tuple(...operation.parameters.map((parameter) => parameterOf(parameter, operation, ids))),
    body: bodyOf(operation),
    sender: fc.oneof({ weight: 6, arbitrary: fc.constant('known' as const) }, fc.constant('none' as const), fc.constant('unknown' as const))
  }).map(({ parameters, body, sender }) => {
    const sent = parameters.filter((parameter) => parameter !== undefined)
    const query = new URLSearchParams(sent.filter((parameter) => parameter.in === 'query').map(({ name, value }) => [name, value])).toString()
    const headers = Object.fromEntries(sent.filter((parameter) => parameter.in === 'header').map(({ name, value }) => [name, value]))
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_text, name: string) => encodeURIComponent(sent.find((parameter) => parameter.name === name)?.value ?? '0'))
    return {
      method: operation.method as GeneratedRequest['method'],
      url: query === '' ? path : `${path}?${query}`,
      headers: { ...headers, ...body.type === undefined ? {} : { 'content-type': body.type } },
      payload: body.payload,
      sender
    }
  })
}

interface SentParameter { in: Parameter['in'], name: string, value: string }

function parameterOf ({ in: place, name, required = false, schema }: Parameter, { path }: Operation, ids: KnownIds): Arbitrary<SentParameter | undefined> {
  const known = place === 'path' ? ids[path.split('/')[1] ?? ''] ?? [] : []
  const admitted = valueOf(schema).map((value) => place === 'header' ? String(value).replaceAll(/[^\x20-\x7e]/g, 'x') : String(value))
  const value = fc.oneof(
    { weight: 4, arbitrary: known.length === 0 ? admitted : fc.constantFrom(...known).map(String) },
    { weight: 2, arbitrary: admitted },
    visible
  )
  const sent = value.map((text) => ({ in: place, name, value: text }))
  return required ? sent : fc.option(sent, { nil: undefined })
}

interface SentBody { type: string | undefined, payload: Buffer | string | undefined }

function bodyOf ({ requestBody }: Operation): Arbitrary<SentBody> {
  const nothing = { type: undefined, payload: undefined }
  const odd = fc.record({ type: fc.constantFrom(undefined, ...wrongTypes), payload: fc.oneof(fc.string({ maxLength: 200 }), fc.constant('{"a":'), fc.constant('x'.repeat(200_000))) })
  if (requestBody === undefined) return fc.oneof({ weight: 8, arbitrary: fc.constant(nothing) }, odd)
  const kinds = Object.entries(requestBody.content).map(([type, { schema, example }]) => {
    const valid = fc.oneof(valueOf(schema), fc.constant(example ?? {}))
    return fc.oneof({ weight: 2, arbitrary: valid }, valid.chain(spoil)).map((value) => encode(type, value))
  })
  return fc.oneof({ weight: 8, arbitrary: fc.oneof(...kinds) }, odd, fc.constant(nothing))
}

function encode (type: string, value: unknown): SentBody {
  switch (type) {
    case 'multipart/form-data': return { type: formType, payload: formOf(Object.entries(toMembers(value)).map(([name, member]) => partOf(name, member))) }
    case 'application/x-www-form-urlencoded': return { type, payload: new URLSearchParams(toTexts(toMembers(value))).toString() }
    default: return { type, payload: JSON.stringify(value) ?? '' }
  }
}

/** The file of most forms is an image, because random bytes are none. */
function partOf (name: string, member: unknown) {
  const safe = name.replaceAll(/[^\w-]/g, 'x')
  return name === 'file'
    ? { name, filename: 'a.png', type: 'image/png', value: String(member).length % 4 === 0 ? Buffer.from(String(member)) : images.png }
    : { name: safe, value: String(member) }
}

const toTexts = (members: Members): Record<string, string> => Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]))

/** Returns the options of `inject`. `authorization` is the header of a sender who is known. */
export function toInject ({ method, url, headers, payload, sender }: GeneratedRequest, authorization: string): InjectOptions {
  const credentials = { known: { authorization }, none: {}, unknown: { authorization: 'Bearer unknown' } }
  return { method, url, headers: { ...headers, ...credentials[sender] }, ...payload === undefined ? {} : { payload } }
}

import type { Static, TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyPluginCallback } from 'fastify'
import type { Rule, SettingGroup, ValuesOf } from '../../../src/config/setting.ts'
import type { Receipt } from '../../../src/domain/sms/delivery.ts'
import type { Channel, SmsProvider } from './contract.ts'

/** The facts that the rules of a provider depend on. */
export interface ProviderContext<Own> {
  /** Parsed values of the provider's own settings. */
  own: Own
  /** A `worker` only sends SMS: it has no database and no SMS inbox. */
  role: 'service' | 'worker'
  /** SMS_PROVIDERS names the provider. */
  isSelected: boolean
  isProduction: boolean
  /** SMS_DELIVERY=off: another process sends the SMS. */
  isQueueOnly: boolean
  /** The value of HOST if other machines could read the SMS inbox of the carrier emulator there. */
  exposedHost: string | undefined
}

/** A status callback as it arrived. */
export interface SignedRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** Path and query, unchanged. */
  path: string
  /** Parsed, but not validated. */
  body: unknown
}

/** Reads the status callbacks of one provider at `POST /webhooks/<name of the provider>/status`. */
export interface ReceiptSource<Query extends TSchema = TSchema, Body extends TSchema = TSchema> {
  /** The OpenAPI description of the route, which also validates query and body. */
  readonly schema: {
    operationId: string
    summary: string
    description: string
    consumes: string[]
    querystring: Query
    body: Body
  }
  /** Parses the bodies. It replaces the JSON parser of the route. */
  readonly parser?: FastifyPluginCallback<{ bodyLimit?: number }>
  /** Authenticates the sender of the request. It runs before validation, so that strangers learn nothing about the expected shape. */
  isAuthentic (request: SignedRequest): boolean
  /** Returns `undefined` for a status that changes nothing. */
  read (body: Static<Body>, query: Static<Query>): Receipt | undefined
}

/** Reports to a provider that the code in one of its messages was used; resolves to the HTTP status of the reply. */
export type FeedbackReporter = (messageId: string) => Promise<number>

/**
 * Everything that the service needs to know about a provider. Names, settings, validation, receipts and feedback derive from the
 * list of definitions in the registry. The configuration imports definitions too, so a definition imports its client library
 * only inside `create`.
 */
export interface SmsProviderDefinition<Group extends SettingGroup = SettingGroup> {
  /** Its name in SMS_PROVIDERS, metrics, logs and stored deliveries. */
  readonly name: string
  /** Environment variables with defaults and descriptions; the documentation is generated from them. */
  readonly settings: Group
  /** Checks of settings that are missing or contradict each other. */
  readonly rules: Array<Rule<ProviderContext<ValuesOf<Group>>>>
  /** Returns the channels by which it can send a code. */
  channels (settings: ValuesOf<Group>): readonly Channel[]
  /** Returns whether its messages go to the carrier emulator, because it has no credentials. */
  usesEmulator? (settings: ValuesOf<Group>): boolean
  /** Creates the provider, if SMS_PROVIDERS names it. */
  create (fastify: FastifyInstance, settings: ValuesOf<Group>): Promise<SmsProvider>
  /** Returns `undefined` without credentials. Receipts are accepted from providers that SMS_PROVIDERS no longer names. */
  createReceiptSource? (fastify: FastifyInstance, settings: ValuesOf<Group>): Promise<ReceiptSource | undefined>
  /** Returns `undefined` if the settings do not ask for feedback. */
  createFeedback? (fastify: FastifyInstance, settings: ValuesOf<Group>): FeedbackReporter | undefined
}

/** Returns the definition unchanged, and infers the type of the values from the settings. */
export function defineProvider<Group extends SettingGroup> (definition: SmsProviderDefinition<Group>): SmsProviderDefinition<Group> {
  return definition
}

import type { Static, TObject, TProperties, TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyPluginCallback } from 'fastify'
import type { Receipt } from '../../../src/domain/sms/delivery.ts'
import type { Channel, SmsProvider } from './contract.ts'

/** The values of a provider's environment variables, parsed by its fields. */
export type SettingsOf<Fields extends TProperties> = Readonly<Static<TObject<Fields>>>

/** What the validation of settings depends on besides the settings. */
export interface ValidationContext {
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
  /** What OpenAPI says about the route; query and body are validated by it. */
  readonly schema: {
    operationId: string
    summary: string
    description: string
    consumes: string[]
    querystring: Query
    body: Body
  }
  /** Parses the bodies in place of the JSON parser, which is then removed from the route. */
  readonly parser?: FastifyPluginCallback<{ bodyLimit?: number }>
  /** Checks who sent the request. It runs before validation, so that strangers learn nothing about the expected shape. */
  isAuthentic (request: SignedRequest): boolean
  /** Returns `undefined` for a status that changes nothing. */
  read (body: Static<Body>, query: Static<Query>): Receipt | undefined
}

/** Reports to a provider that the code in one of its messages was used; resolves to the HTTP status of the reply. */
export type FeedbackReporter = (messageId: string) => Promise<number>

/**
 * All that the service needs to know about a provider. The registry lists the definitions: names, settings, validation,
 * receipts and feedback derive from that list. The configuration imports definitions too, so a definition imports its
 * client library only inside `create`.
 */
export interface SmsProviderDefinition<Fields extends TProperties = TProperties> {
  /** Its name in SMS_PROVIDERS, metrics, logs and stored deliveries. */
  readonly name: string
  /** Environment variables with defaults and descriptions; README and `.env.example` are generated from them. */
  readonly fields: Fields
  /** Returns a sentence for each setting that is missing, malformed or contradicts another; each names its variable. */
  validate (settings: SettingsOf<Fields>, context: ValidationContext): string[]
  /** Ways by which it can send a code. */
  channels (settings: SettingsOf<Fields>): readonly Channel[]
  /** Whether the carrier emulator takes its messages, because it has no credentials. */
  usesEmulator? (settings: SettingsOf<Fields>): boolean
  /** Creates the provider, if SMS_PROVIDERS names it. */
  create (fastify: FastifyInstance, settings: SettingsOf<Fields>): Promise<SmsProvider>
  /** Returns `undefined` without credentials. Receipts are accepted from providers that SMS_PROVIDERS no longer names. */
  createReceiptSource? (fastify: FastifyInstance, settings: SettingsOf<Fields>): Promise<ReceiptSource | undefined>
  /** Returns `undefined` if the settings do not ask for feedback. */
  createFeedback? (fastify: FastifyInstance, settings: SettingsOf<Fields>): FeedbackReporter | undefined
}

/** Infers the type of the settings from the fields. */
export function defineProvider<Fields extends TProperties> (definition: SmsProviderDefinition<Fields>): SmsProviderDefinition<Fields> {
  return definition
}

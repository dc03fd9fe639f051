/** The parts of `oidc-provider` that the benchmark uses. The package has no types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  /** Storage of one kind of record. */
  export interface Adapter {
    upsert (id: string, payload: object, expiresIn: number): Promise<void>
    find (id: string): Promise<object | undefined>
  }

  export interface Configuration {
    adapter: new (kind: string) => Adapter
    clients: object[]
    features: Record<string, { enabled: boolean }>
    ttl: Record<string, number>
  }

  export default class Provider {
    constructor (issuer: string, configuration: Configuration)
    callback (): RequestListener
    readonly Client: { find (id: string): Promise<object> }
    readonly AccessToken: new (values: { client: object, accountId: string, scope: string }) => { save (): Promise<string> }
  }
}

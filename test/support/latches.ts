import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { UnavailableError } from '../../src/http/errors.ts'

export interface Gate {
  /** How many stand before it. */
  readonly waiting: number
  open (): void
}

/** Stops uploads before their pixels are looked at, when they have their share of the quota and are staged, until it is opened. */
export function gateBeforeDecoding (t: Test, app: FastifyInstance): Gate {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const { process } = app.images
  let waiting = 0
  t.intercept(app.images, 'process', {
    value: async (...given: Parameters<typeof process>) => {
      waiting += 1
      await opened
      return await process(...given)
    }
  })
  return { get waiting () { return waiting }, open }
}

/** Does something between the looking at the pixels and the storing of the blobs. */
export function afterDecoding (t: Test, app: FastifyInstance, work: () => Promise<unknown>): () => void {
  const { process } = app.images
  return t.intercept(app.images, 'process', {
    value: async (...given: Parameters<typeof process>) => {
      const image = await process(...given)
      await work()
      return image
    }
  }).restore
}

/** What is logged as an error from here on, with a message that says so. */
export function collectErrors (t: Test, app: FastifyInstance, message: RegExp): Array<[{ err: Error | UnavailableError, key?: string }, string]> {
  const errors: Array<[{ err: Error, key?: string }, string]> = []
  t.intercept(app.log, 'error', {
    value: (...args: [{ err: Error, key?: string }, string]) => { if (message.test(args[1])) errors.push(args) }
  })
  return errors
}

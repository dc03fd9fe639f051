import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { UnavailableError } from '../../src/http/errors.ts'

export interface Latch {
  /** Number of uploads that wait. */
  readonly waiting: number
  open (): void
}

/** Holds uploads after the reservation and staging, and before decoding, until the latch is opened. */
export function latchBeforeDecoding (t: Test, app: FastifyInstance): Latch {
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

/** Holds uploads at the reservation of their quota, before the service reads their bodies. `restore` ends this for later uploads. */
export function holdReservations (t: Test, app: FastifyInstance): { readonly waiting: number, restore (): void } {
  let waiting = 0
  const { restore } = t.intercept(app.imageQuota, 'reserve', {
    value: async () => {
      waiting += 1
      return await new Promise(() => {})
    }
  })
  return { get waiting () { return waiting }, restore }
}

/** Runs work after the decoding of an image and before its blobs are stored. */
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

/** Collects the errors that are logged from now on with a matching message. */
export function collectErrors (
  t: Test, app: FastifyInstance, message: RegExp
): Array<[{ err: Error | UnavailableError, key?: string }, string]> {
  const errors: Array<[{ err: Error, key?: string }, string]> = []
  t.intercept(app.log, 'error', {
    value: (...args: [{ err: Error, key?: string }, string]) => { if (message.test(args[1])) errors.push(args) }
  })
  return errors
}

import { Type } from '@sinclair/typebox'

/** A duration in seconds with its default. */
export const seconds = (initial: number, description: string, minimum = 1, maximum = 31_536_000) =>
  Type.Integer({ default: initial, minimum, maximum, description })

/** A rate limit or quota with its default. */
export const limit = (initial: number, description: string) =>
  Type.Integer({ default: initial, minimum: 0, description: `${description}; 0 turns it off` })

/** A text that may be unset. */
export const optional = (description: string) => Type.Optional(Type.String({ description }))

/** One of a few words. */
export const choice = <Value extends string>(values: readonly Value[], options: { default?: NoInfer<Value>, description: string }) =>
  Type.Unsafe<Value>({ type: 'string', enum: values, ...options })

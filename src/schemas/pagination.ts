import { Type } from '@sinclair/typebox'

/** Most items of a page, for a query string; `description` says what is counted. */
export const PageLimit = (description: string) => Type.Integer({ default: 100, minimum: 1, maximum: 500, description })

/** Position of the next page, for a query string. */
export const Cursor = Type.Optional(Type.String({
  minLength: 1, maxLength: 200, description: '`next_cursor` of the previous page; repeat the other parameters of that page unchanged'
}))

/** Position of the next page, in a reply. */
export const NextCursor = Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null on the last page' })

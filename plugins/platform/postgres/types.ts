import pg, { type CustomTypesConfig } from 'pg'

const { builtins } = pg.types

/** DATE stays text, because a JavaScript Date at local midnight is another date in other zones. bigint ids are far below 2^53. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser (oid, format) {
    if (oid === builtins.DATE) return (text: string) => text
    if (oid === builtins.INT8) return Number
    return pg.types.getTypeParser(oid, format)
  }
}

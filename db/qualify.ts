/** The schema of the service by default. Its names are not qualified, so that the `search_path` of the role applies. */
export const defaultSchema = 'public'

/** Every table, in statements that this module qualifies. A test compares the list with the migrations. */
export const tableNames = [
  'calendar_feeds', 'creatives', 'device_tokens', 'idempotency_keys', 'images', 'leases', 'listed_blobs', 'owners', 'phone_changes',
  'signing_keys', 'tokens', 'usages', 'used_challenges', 'users'
] as const

/** Where PostgreSQL expects the name of a table. Columns keep it without the schema, since it is the alias of its table there. */
const tables = new RegExp(`\\b(from|join|into|update|table|truncate)(\\s+)("?)(${tableNames.join('|')})\\3(?![\\w".(])`, 'gi')

/** The number of statement texts is small, because values are parameters. */
const maximumTexts = 1000

/**
 * Creates a function that qualifies the tables of a statement with a schema. It works on the text, so that a pooler in transaction mode
 * needs no session state, and memoizes its results. The default schema leaves statements as they are.
 */
export function createQualifier (schema: string): (text: string) => string {
  if (schema === defaultSchema) return (text) => text
  const known = new Map<string, string>()
  return (text) => {
    const qualified = known.get(text) ?? text.replaceAll(tables, (_match, keyword: string, space: string, _quote: string, table: string) =>
      `${keyword}${space}"${schema}"."${table}"`)
    if (known.size < maximumTexts) known.set(text, qualified)
    return qualified
  }
}

/** SQLSTATE of class 23 (PostgreSQL, appendix A). */
const states = { foreignKey: '23503', unique: '23505' } as const

/** Returns whether the database refused a row because of this constraint. */
export function violates (error: unknown, constraint: keyof typeof states): boolean {
  return error instanceof Error && 'code' in error && error.code === states[constraint]
}

/** SQLSTATE classes of temporary failures: connection, too many connections, shutdown, lock and statement timeouts, deadlock. */
const unavailableStates = /^(08|53|57P0[1-5]|57014|55P03|25P03|40P01)/

function sqlStateOf (error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** pg reports a lost connection as a plain Error or a system error, both without an SQLSTATE. */
export function isConnectionLoss (error: unknown): boolean {
  const code = sqlStateOf(error)
  return code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P0)/.test(code)
}

/** Returns whether the server answered that it rolled a statement back. Looks at the cause of an `UnavailableError`. */
export function isRolledBack (error: Error): boolean {
  return !isConnectionLoss(error.cause ?? error)
}

export function isUnavailable (error: unknown): boolean {
  return isConnectionLoss(error) || unavailableStates.test(String(sqlStateOf(error)))
}

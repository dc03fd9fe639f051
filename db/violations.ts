/** SQLSTATE of class 23 (PostgreSQL, appendix A). */
const states = { foreignKey: '23503', unique: '23505' } as const

/** Returns whether the database refused a row because of this constraint. */
export function violates (error: unknown, constraint: keyof typeof states): boolean {
  return error instanceof Error && 'code' in error && error.code === states[constraint]
}

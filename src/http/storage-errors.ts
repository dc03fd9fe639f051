import { UnavailableError } from './errors.ts'

/**
 * What the file system or the store does, where every failure means that storage is unavailable.
 * @throws {UnavailableError}
 */
export async function orUnavailable<T> (work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    throw new UnavailableError('storage', error)
  }
}

/**
 * Cuts the fraction of a second off. Columns that clients see have none, and PostgreSQL would round it: half of all rows would say
 * that they were created or changed in the future.
 */
export function cutToSecond (moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000)
}

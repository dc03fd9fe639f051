import { listOldSpellings } from '../../db/phone-spellings.ts'
import { withDatabase } from './database.ts'

/** Reports accounts whose numbers are the old and the new spelling of one line: `npm run numbers`. It changes nothing. */
await withDatabase(process.env, async ({ db }) => {
  let pairs = 0
  let singles = 0
  for await (const { old, current } of listOldSpellings(db)) {
    if (current === undefined) singles += 1
    else {
      pairs += 1
      process.stdout.write(
        `${old.phone_number} (user ${old.id}) and ${current.phone_number} (user ${current.id}) are one line; logins go to user ${current.id}\n`
      )
    }
  }
  process.stdout.write(`pairs of accounts of one line: ${pairs}\naccounts under an old spelling alone: ${singles}\n`)
})

import t from 'tap'
import { toWebhookFailure } from '../../../../../plugins/sms/providers/webhook/provider.ts'

const expected = {
  busy: [429],
  ambiguous: [408, 500, 501, 502, 503, 504, 599],
  sender: [401, 403, 404, 410],
  refused: [300, 301, 302, 303, 304, 307, 308, 400, 402, 405, 409, 413, 422, 451, 499]
}

for (const [failure, statuses] of Object.entries(expected)) {
  t.test(`the statuses ${statuses.join(', ')} mean ${failure}`, async (t) => {
    for (const status of statuses) t.equal(toWebhookFailure(status), failure, String(status))
  })
}

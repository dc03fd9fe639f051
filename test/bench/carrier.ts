import { buildCarrier } from '../../src/carrier/index.ts'

/** The carrier emulator in a process of its own, so that it takes no time from the service; reports what it takes. */
export interface CarrierReport {
  credentials?: { accountSid: string, authToken: string, sender: string, url: string }
  /** Number and text of each message since the last report. */
  messages?: Array<[string, string]>
}

let batch: Array<[string, string]> = []

function report (content: CarrierReport): void {
  process.send?.(content)
}

const { accountSid, authToken, sender, url } = await buildCarrier({
  onMessage ({ to, body }) {
    if (batch.push([to, body]) > 1) return
    setImmediate(() => {
      report({ messages: batch })
      batch = []
    })
  }
})
process.on('disconnect', () => process.exit())
report({ credentials: { accountSid, authToken, sender, url } })

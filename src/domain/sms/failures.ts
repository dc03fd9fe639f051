/** Why a message was not taken, in terms of what is to be done. */
export type SmsFailure =
  /** Throttled (429): surely not sent. */
  | 'busy'
  /** No connection: surely not sent. */
  | 'unreachable'
  /** 5xx, a timeout or a cut answer after the request left: perhaps sent. */
  | 'ambiguous'
  /** Refused for this recipient whatever the road: bad number, opted out. */
  | 'recipient'
  /** Refused by this road for this message: no route, country closed, text filtered. Another road may take it. */
  | 'refused'
  /** The credentials or the sender are wrong: nothing goes over this road until an operator mends it. */
  | 'sender'
  /** No road was asked: all are stopped, or their circuits are open. It does not count as an attempt. */
  | 'closed'

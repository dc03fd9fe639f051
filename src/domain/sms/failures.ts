/** Why a provider did not accept a message, classified by what can be done about it. */
export type SmsFailure =
  /** Throttled (429): certainly not sent. */
  | 'busy'
  /** No connection: certainly not sent. */
  | 'unreachable'
  /** 5xx, a timeout or an incomplete reply after the request left: perhaps sent. */
  | 'ambiguous'
  /** Every provider would refuse this recipient: invalid number, opted out. */
  | 'recipient'
  /** The channel cannot reach the recipient, or cannot be used: another channel may deliver the message. */
  | 'channel'
  /** This provider refuses this message: no route, closed country, filtered text. Another provider may accept it. */
  | 'refused'
  /** The credentials or the sender are wrong: this provider sends nothing until an operator corrects them. */
  | 'sender'
  /** No provider was called: each is suspended or has an outage. This does not count as an attempt. */
  | 'closed'

/** What a code can travel by. */
export const channels = ['sms', 'whatsapp'] as const

export type Channel = typeof channels[number]

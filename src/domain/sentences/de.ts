import type { Sentences } from './contract.ts'

export const de: Sentences = {
  errors: {
    CHR_VALIDATION: 'Die Eingabe ist nicht vollständig oder nicht gültig.',
    CHR_PHONE_INVALID: 'Das ist keine Telefonnummer. Geben Sie sie in internationaler Form ein, zum Beispiel {number}.',
    CHR_DATE_PAST: 'Das Datum liegt in der Vergangenheit. Das früheste Datum ist heute.',
    CHR_REQUEST_TIMEOUT: 'Die Übertragung hat zu lange gedauert. Versuchen Sie es mit einer besseren Verbindung noch einmal.',
    CHR_UNAUTHENTICATED: 'Melden Sie sich an, um fortzufahren.',
    CHR_OTP_INVALID: 'Der Code ist falsch oder nicht mehr gültig.',
    CHR_REAUTHENTICATE: 'Dafür ist eine Anmeldung in den letzten 10 Minuten nötig. Melden Sie sich noch einmal an.',
    CHR_LINK_EXPIRED: 'Diese Adresse des Bildes ist abgelaufen. Laden Sie die Seite neu.',
    CHR_QUOTA_EXCEEDED: 'Das Bild würde Ihren Speicherplatz überschreiten. Löschen Sie Bilder, die Sie nicht mehr brauchen.',
    CHR_NOT_FOUND: 'Nicht gefunden.',
    CHR_OTP_USED: 'Dieser Code wurde gerade eben verwendet. Wenn Sie nicht angemeldet sind, fordern Sie einen neuen an.',
    CHR_PHONE_TAKEN: 'Ein anderes Konto hat diese Nummer. Wenn die Nummer Ihnen gehört, können Sie sie übernehmen; das andere Konto wird nach 30 Tagen gelöscht.',
    CHR_VERSION_CONFLICT: 'In der Zwischenzeit hat sich etwas geändert. Laden Sie den aktuellen Stand und versuchen Sie es noch einmal.',
    CHR_PRECONDITION_FAILED: 'In der Zwischenzeit hat sich etwas geändert. Laden Sie den aktuellen Stand und versuchen Sie es noch einmal.',
    CHR_TOO_LARGE: 'Die Datei ist zu groß.',
    CHR_IMAGE_TYPE: 'Die Datei ist kein Bild. Senden Sie {formats}.',
    CHR_IMAGE_BROKEN: 'Das Bild ist beschädigt oder unvollständig. Speichern Sie es neu und senden Sie es noch einmal.',
    CHR_IMAGE_TOO_LARGE: 'Das Bild ist zu groß, um es zu verarbeiten. Senden Sie ein kleineres.',
    CHR_PHONE_NOT_ALLOWED: 'An diese Nummer kann keine SMS gesendet werden.',
    CHR_CHANNEL_NOT_ALLOWED: 'Auf diesem Weg werden keine Codes gesendet. Wählen Sie SMS.',
    CHR_NAME_REQUIRED: 'Der Code ist richtig, aber die Nummer hat noch kein Konto. Senden Sie den Code noch einmal mit einem Namen.',
    CHR_RATE_LIMITED: 'Zu viele Anfragen. Versuchen Sie es in {wait} erneut.',
    CHR_OTP_LOCKED: 'Zu viele falsche Codes. Versuchen Sie es in {wait} erneut.',
    CHR_INTERNAL: 'Der Dienst konnte die Anfrage nicht bearbeiten.',
    CHR_UNAVAILABLE: 'Der Dienst ist vorübergehend nicht verfügbar. Versuchen Sie es gleich noch einmal.'
  },
  deliveries: {
    queued: 'Die Nachricht ist unterwegs.',
    sent: 'Der Mobilfunkanbieter hat die Nachricht. Sie sollte gleich ankommen.',
    delivered: 'Die Nachricht ist angekommen.',
    number_invalid: 'Diese Nummer kann keine SMS empfangen. Prüfen Sie sie, oder verwenden Sie eine andere.',
    number_unreachable: 'Das Telefon ist ausgeschaltet oder nicht erreichbar. Schalten Sie es ein und fordern Sie einen neuen Code an.',
    opted_out: 'Diese Nummer hat unsere Nachrichten abbestellt. Senden Sie START an unsere Nummer, um wieder Codes zu erhalten.',
    blocked: 'Der Mobilfunkanbieter hat die Nachricht blockiert. Versuchen Sie es später noch einmal, oder verwenden Sie eine andere Nummer.',
    whatsapp_failed: 'WhatsApp konnte den Code nicht an diese Nummer zustellen. Fordern Sie einen Code per SMS an.',
    country_not_served: 'In dieses Land können wir zurzeit nicht senden.',
    expired: 'Der Code ist abgelaufen, bevor die Nachricht zugestellt werden konnte. Fordern Sie einen neuen an.',
    not_sent: 'Die Nachricht konnte nicht gesendet werden. Fordern Sie einen neuen Code an.'
  }
}

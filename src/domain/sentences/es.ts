import type { Sentences } from './contract.ts'

export const es: Sentences = {
  errors: {
    CHR_VALIDATION: 'Los datos no están completos o no son válidos.',
    CHR_PHONE_INVALID: 'Esto no es un número de teléfono. Escríbelo en formato internacional, por ejemplo {number}.',
    CHR_DATE_PAST: 'La fecha ya ha pasado. La primera fecha posible es hoy.',
    CHR_REQUEST_TIMEOUT: 'El envío ha tardado demasiado. Inténtalo de nuevo con una conexión mejor.',
    CHR_UNAUTHENTICATED: 'Inicia sesión para continuar.',
    CHR_OTP_INVALID: 'La clave no es correcta o ya no es válida.',
    CHR_REAUTHENTICATE: 'Para esto debes haber iniciado sesión en los últimos 10 minutos. Vuelve a iniciarla.',
    CHR_LINK_EXPIRED: 'Esta dirección de la imagen ha caducado. Vuelve a cargar la página.',
    CHR_QUOTA_EXCEEDED: 'La imagen superaría tu espacio. Borra las imágenes que ya no necesites.',
    CHR_NOT_FOUND: 'No se ha encontrado.',
    CHR_OTP_USED: 'Esta clave se acaba de usar. Si no has iniciado sesión, pide otra.',
    CHR_PHONE_TAKEN: 'Otra cuenta tiene este número. Si el número es tuyo, puedes trasladarlo a esta cuenta; la otra se borrará en 30 días.',
    CHR_VERSION_CONFLICT: 'Algo ha cambiado entretanto. Carga la versión actual e inténtalo de nuevo.',
    CHR_PRECONDITION_FAILED: 'Algo ha cambiado entretanto. Carga la versión actual e inténtalo de nuevo.',
    CHR_TOO_LARGE: 'El archivo es demasiado grande.',
    CHR_IMAGE_TYPE: 'El archivo no es una imagen. Envía {formats}.',
    CHR_IMAGE_BROKEN: 'La imagen está dañada o incompleta. Guárdala de nuevo y vuelve a enviarla.',
    CHR_IMAGE_TOO_LARGE: 'La imagen es demasiado grande para procesarla. Envía una más pequeña.',
    CHR_PHONE_NOT_ALLOWED: 'No se pueden enviar SMS a este número.',
    CHR_CHANNEL_NOT_ALLOWED: 'Las claves no se envían por este medio. Elige SMS.',
    CHR_NAME_REQUIRED: 'La clave es correcta, pero el número aún no tiene cuenta. Envía la clave otra vez con un nombre.',
    CHR_RATE_LIMITED: 'Demasiadas solicitudes. Inténtalo de nuevo en {wait}.',
    CHR_OTP_LOCKED: 'Demasiadas claves incorrectas. Inténtalo de nuevo en {wait}.',
    CHR_INTERNAL: 'El servicio no ha podido procesar la solicitud.',
    CHR_UNAVAILABLE: 'El servicio no está disponible por el momento. Inténtalo de nuevo en un momento.'
  },
  deliveries: {
    queued: 'El mensaje está en camino.',
    sent: 'El operador tiene el mensaje. Debería llegar en un momento.',
    delivered: 'El mensaje ha llegado.',
    number_invalid: 'Este número no puede recibir SMS. Compruébalo o usa otro.',
    number_unreachable: 'El teléfono está apagado o sin cobertura. Enciéndelo y pide otra clave.',
    opted_out: 'Este número ha dado de baja nuestros mensajes. Envía START a nuestro número para volver a recibir claves.',
    blocked: 'El operador ha bloqueado el mensaje. Inténtalo más tarde o usa otro número.',
    whatsapp_failed: 'WhatsApp no ha podido entregar la clave a este número. Pide una clave por SMS.',
    country_not_served: 'Por el momento no podemos enviar a este país.',
    expired: 'La clave caducó antes de que se pudiera entregar el mensaje. Pide otra.',
    not_sent: 'No se ha podido enviar el mensaje. Pide otra clave.'
  }
}

import type { Sentences } from './contract.ts'

export const fr: Sentences = {
  errors: {
    CHR_VALIDATION: 'La saisie est incomplète ou n\'est pas valable.',
    CHR_PHONE_INVALID: 'Ce n\'est pas un numéro de téléphone. Écrivez-le au format international, par exemple {number}.',
    CHR_DATE_PAST: 'La date est passée. La première date possible est aujourd\'hui.',
    CHR_REQUEST_TIMEOUT: 'L\'envoi a pris trop de temps. Réessayez avec une meilleure connexion.',
    CHR_UNAUTHENTICATED: 'Connectez-vous pour continuer.',
    CHR_OTP_INVALID: 'Le code est faux ou n\'est plus valable.',
    CHR_REAUTHENTICATE: 'Cela demande une connexion dans les 10 dernières minutes. Connectez-vous de nouveau.',
    CHR_LINK_EXPIRED: 'Cette adresse de l\'image a expiré. Rechargez la page.',
    CHR_QUOTA_EXCEEDED: 'L\'image dépasserait votre espace. Supprimez des images dont vous n\'avez plus besoin.',
    CHR_NOT_FOUND: 'Introuvable.',
    CHR_OTP_USED: 'Ce code vient d\'être utilisé. Si vous n\'êtes pas connecté, demandez-en un autre.',
    CHR_PHONE_TAKEN: 'Un autre compte a ce numéro. Si le numéro est le vôtre, vous pouvez le reprendre ; l\'autre compte sera supprimé après 30 jours.',
    CHR_VERSION_CONFLICT: 'Quelque chose a changé entre-temps. Chargez la version actuelle et réessayez.',
    CHR_PRECONDITION_FAILED: 'Quelque chose a changé entre-temps. Chargez la version actuelle et réessayez.',
    CHR_TOO_LARGE: 'Le fichier est trop volumineux.',
    CHR_IMAGE_TYPE: 'Le fichier n\'est pas une image. Envoyez {formats}.',
    CHR_IMAGE_BROKEN: 'L\'image est endommagée ou incomplète. Enregistrez-la de nouveau et renvoyez-la.',
    CHR_IMAGE_TOO_LARGE: 'L\'image est trop grande pour être traitée. Envoyez-en une plus petite.',
    CHR_PHONE_NOT_ALLOWED: 'Aucun SMS ne peut être envoyé à ce numéro.',
    CHR_CHANNEL_NOT_ALLOWED: 'Les codes ne sont pas envoyés par ce moyen. Choisissez le SMS.',
    CHR_NAME_REQUIRED: 'Le code est juste, mais le numéro n\'a pas encore de compte. Envoyez de nouveau le code avec un nom.',
    CHR_RATE_LIMITED: 'Trop de demandes. Réessayez dans {wait}.',
    CHR_OTP_LOCKED: 'Trop de codes faux. Réessayez dans {wait}.',
    CHR_INTERNAL: 'Le service n\'a pas pu traiter la demande.',
    CHR_UNAVAILABLE: 'Le service est momentanément indisponible. Réessayez dans un instant.'
  },
  deliveries: {
    queued: 'Le message est en route.',
    sent: 'L\'opérateur a le message. Il devrait arriver dans un instant.',
    delivered: 'Le message est arrivé.',
    number_invalid: 'Ce numéro ne peut pas recevoir de SMS. Vérifiez-le ou utilisez-en un autre.',
    number_unreachable: 'Le téléphone est éteint ou hors de portée. Allumez-le et demandez un autre code.',
    opted_out: 'Ce numéro a refusé nos messages. Envoyez START à notre numéro pour recevoir de nouveau des codes.',
    blocked: 'L\'opérateur a bloqué le message. Réessayez plus tard ou utilisez un autre numéro.',
    whatsapp_failed: 'WhatsApp n\'a pas pu remettre le code à ce numéro. Demandez un code par SMS.',
    country_not_served: 'Nous ne pouvons pas envoyer vers ce pays pour le moment.',
    expired: 'Le code a expiré avant que le message puisse être remis. Demandez-en un autre.',
    not_sent: 'Le message n\'a pas pu être envoyé. Demandez un autre code.'
  }
}

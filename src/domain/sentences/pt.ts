import type { Sentences } from './contract.ts'

export const pt: Sentences = {
  errors: {
    CHR_VALIDATION: 'Os dados estão incompletos ou não são válidos.',
    CHR_PHONE_INVALID: 'Isto não é um número de telefone. Digite-o no formato internacional, por exemplo {number}.',
    CHR_DATE_PAST: 'A data já passou. A primeira data possível é hoje.',
    CHR_REQUEST_TIMEOUT: 'O envio demorou demais. Tente novamente com uma conexão melhor.',
    CHR_UNAUTHENTICATED: 'Entre na sua conta para continuar.',
    CHR_OTP_INVALID: 'O código está errado ou não é mais válido.',
    CHR_REAUTHENTICATE: 'Isto exige um login nos últimos 10 minutos. Entre novamente.',
    CHR_LINK_EXPIRED: 'Este endereço da imagem expirou. Recarregue a página.',
    CHR_QUOTA_EXCEEDED: 'A imagem ultrapassaria o seu espaço. Apague imagens de que não precisa mais.',
    CHR_NOT_FOUND: 'Não encontrado.',
    CHR_OTP_USED: 'Este código acabou de ser usado. Se você não entrou na conta, peça outro.',
    CHR_PHONE_TAKEN: 'Outra conta tem este número. Se o número é seu, você pode passá-lo para esta conta; a outra será apagada em 30 dias.',
    CHR_VERSION_CONFLICT: 'Algo mudou nesse meio-tempo. Carregue a versão atual e tente novamente.',
    CHR_PRECONDITION_FAILED: 'Algo mudou nesse meio-tempo. Carregue a versão atual e tente novamente.',
    CHR_TOO_LARGE: 'O arquivo é grande demais.',
    CHR_IMAGE_TYPE: 'O arquivo não é uma imagem. Envie {formats}.',
    CHR_IMAGE_BROKEN: 'A imagem está danificada ou incompleta. Salve-a de novo e envie outra vez.',
    CHR_IMAGE_TOO_LARGE: 'A imagem é grande demais para ser processada. Envie uma menor.',
    CHR_PHONE_NOT_ALLOWED: 'Não é possível enviar SMS para este número.',
    CHR_CHANNEL_NOT_ALLOWED: 'Os códigos não são enviados por este meio. Escolha SMS.',
    CHR_NAME_REQUIRED: 'O código está certo, mas o número ainda não tem conta. Envie o código novamente com um nome.',
    CHR_RATE_LIMITED: 'Solicitações demais. Tente novamente em {wait}.',
    CHR_OTP_LOCKED: 'Códigos errados demais. Tente novamente em {wait}.',
    CHR_INTERNAL: 'O serviço não conseguiu processar a solicitação.',
    CHR_UNAVAILABLE: 'O serviço está indisponível no momento. Tente novamente em instantes.'
  },
  deliveries: {
    queued: 'A mensagem está a caminho.',
    sent: 'A operadora recebeu a mensagem. Ela deve chegar em instantes.',
    delivered: 'A mensagem chegou.',
    number_invalid: 'Este número não pode receber SMS. Confira-o ou use outro.',
    number_unreachable: 'O telefone está desligado ou fora de alcance. Ligue-o e peça outro código.',
    opted_out: 'Este número cancelou as nossas mensagens. Envie START ao nosso número para voltar a receber códigos.',
    blocked: 'A operadora bloqueou a mensagem. Tente mais tarde ou use outro número.',
    whatsapp_failed: 'O WhatsApp não conseguiu entregar o código a este número. Peça um código por SMS.',
    country_not_served: 'No momento, não podemos enviar para este país.',
    expired: 'O código expirou antes que a mensagem pudesse ser entregue. Peça outro.',
    not_sent: 'Não foi possível enviar a mensagem. Peça outro código.'
  }
}

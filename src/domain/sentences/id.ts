import type { Sentences } from './contract.ts'

export const id: Sentences = {
  errors: {
    CHR_VALIDATION: 'Data belum lengkap atau tidak valid.',
    CHR_PHONE_INVALID: 'Ini bukan nomor telepon. Tuliskan dalam format internasional, misalnya {number}.',
    CHR_DATE_PAST: 'Tanggalnya sudah lewat. Tanggal paling awal adalah hari ini.',
    CHR_REQUEST_TIMEOUT: 'Pengiriman terlalu lama. Coba lagi dengan koneksi yang lebih baik.',
    CHR_UNAUTHENTICATED: 'Silakan masuk untuk melanjutkan.',
    CHR_OTP_INVALID: 'Kode salah atau sudah tidak berlaku.',
    CHR_REAUTHENTICATE: 'Untuk ini Anda harus masuk dalam 10 menit terakhir. Silakan masuk lagi.',
    CHR_LINK_EXPIRED: 'Alamat gambar ini sudah kedaluwarsa. Muat ulang halaman.',
    CHR_QUOTA_EXCEEDED: 'Gambar ini akan melebihi ruang Anda. Hapus gambar yang tidak diperlukan lagi.',
    CHR_NOT_FOUND: 'Tidak ditemukan.',
    CHR_OTP_USED: 'Kode ini baru saja digunakan. Jika Anda belum masuk, minta kode baru.',
    CHR_PHONE_TAKEN: 'Akun lain memakai nomor ini. Jika nomor ini milik Anda, Anda dapat memindahkannya ke akun ini; akun lain itu dihapus setelah 30 hari.',
    CHR_VERSION_CONFLICT: 'Ada yang berubah sementara itu. Muat versi terbaru dan coba lagi.',
    CHR_PRECONDITION_FAILED: 'Ada yang berubah sementara itu. Muat versi terbaru dan coba lagi.',
    CHR_TOO_LARGE: 'Berkas terlalu besar.',
    CHR_IMAGE_TYPE: 'Berkas ini bukan gambar. Kirim {formats}.',
    CHR_IMAGE_BROKEN: 'Gambar rusak atau tidak lengkap. Simpan ulang, lalu kirim lagi.',
    CHR_IMAGE_TOO_LARGE: 'Gambar terlalu besar untuk diproses. Kirim yang lebih kecil.',
    CHR_PHONE_NOT_ALLOWED: 'SMS tidak dapat dikirim ke nomor ini.',
    CHR_CHANNEL_NOT_ALLOWED: 'Kode tidak dikirim melalui saluran ini. Pilih SMS.',
    CHR_NAME_REQUIRED: 'Kode benar, tetapi nomor ini belum memiliki akun. Kirim kode sekali lagi dengan nama.',
    CHR_RATE_LIMITED: 'Terlalu banyak permintaan. Coba lagi dalam {wait}.',
    CHR_OTP_LOCKED: 'Terlalu banyak kode yang salah. Coba lagi dalam {wait}.',
    CHR_INTERNAL: 'Layanan gagal memproses permintaan.',
    CHR_UNAVAILABLE: 'Layanan sedang tidak tersedia. Coba lagi sebentar lagi.'
  },
  deliveries: {
    queued: 'Pesan sedang dikirim.',
    sent: 'Operator telah menerima pesan. Pesan akan segera tiba.',
    delivered: 'Pesan telah tiba.',
    number_invalid: 'Nomor ini tidak dapat menerima SMS. Periksa nomornya, atau gunakan nomor lain.',
    number_unreachable: 'Telepon mati atau di luar jangkauan. Nyalakan telepon dan minta kode baru.',
    opted_out: 'Nomor ini telah berhenti menerima pesan kami. Kirim START ke nomor kami untuk menerima kode lagi.',
    blocked: 'Operator memblokir pesan. Coba lagi nanti, atau gunakan nomor lain.',
    whatsapp_failed: 'WhatsApp tidak dapat mengirim kode ke nomor ini. Minta kode melalui SMS.',
    country_not_served: 'Saat ini kami tidak dapat mengirim ke negara ini.',
    expired: 'Kode kedaluwarsa sebelum pesan dapat disampaikan. Minta kode baru.',
    not_sent: 'Pesan tidak dapat dikirim. Minta kode baru.'
  }
}

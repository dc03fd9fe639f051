/** The names of all migrations, in order. The list is written by hand, so that a renamed or missing file is noticed. */
export const migrationNames = [
  '0001_create_users',
  '0002_create_tokens',
  '0003_create_creatives',
  '0004_sessions',
  '0005_devices',
  '0006_accounts',
  '0007_languages',
  '0008_creatives',
  '0009_used_challenges',
  '0010_leases',
  '0011_released_accounts',
  '0012_signing_keys',
  '0013_owners',
  '0014_cut_times'
]

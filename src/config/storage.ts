import path from 'node:path'
import { optional, optionalText } from './parsers.ts'
import { SettingError, type Rule, type ValuesOf } from './setting.ts'
import { parseStorageUrl, type StorageLocation } from './storage-url.ts'

export const storageSettings = {
  location: optional(
    'STORAGE_URL',
    'Where images are stored: `file:/path` or `s3://bucket/prefix?endpoint=&region=&path_style=`; under DATA_DIR when unset',
    parseLocation
  ),
  accessKeyId: optionalText('AWS_ACCESS_KEY_ID', 'Access key of S3; when unset, the AWS SDK finds credentials itself'),
  secretAccessKey: optionalText('AWS_SECRET_ACCESS_KEY', 'Secret key that belongs to AWS_ACCESS_KEY_ID'),
  sessionToken: optionalText('AWS_SESSION_TOKEN', 'Session token that belongs to AWS_ACCESS_KEY_ID, if the credentials are temporary')
}

type StorageValues = ValuesOf<typeof storageSettings>

export interface StorageConfig {
  location: StorageLocation
  /** When `undefined`, the AWS SDK finds credentials itself. */
  credentials: { accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined } | undefined
}

export function deriveStorage ({ location, accessKeyId, secretAccessKey, sessionToken }: StorageValues, dataDir: string): StorageConfig {
  return {
    location: location ?? { kind: 'file', folder: path.resolve(dataDir, 'uploads') },
    credentials: accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey, sessionToken }
  }
}

export const storageRules: Array<Rule<StorageValues>> = [
  {
    settings: [],
    check: ({ accessKeyId: id, secretAccessKey: secret, sessionToken: token }) => [
      ...(id === undefined && secret !== undefined ? ['AWS_ACCESS_KEY_ID is missing, although AWS_SECRET_ACCESS_KEY is set'] : []),
      ...(secret === undefined && id !== undefined ? ['AWS_SECRET_ACCESS_KEY is missing, although AWS_ACCESS_KEY_ID is set'] : []),
      ...(token !== undefined && id === undefined ? ['AWS_ACCESS_KEY_ID is missing, although AWS_SESSION_TOKEN is set'] : [])
    ]
  }
]

function parseLocation (text: string): StorageLocation {
  try {
    return parseStorageUrl(text)
  } catch (error) {
    throw new SettingError([`STORAGE_URL ${(error as Error).message}`])
  }
}

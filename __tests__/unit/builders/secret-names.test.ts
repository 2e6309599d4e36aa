import { describe, expect, it } from 'vitest'
import { isSecretName } from '../../../src/builders/secret-names.js'

describe('the name of a value', () => {
  it.each([
    'TOKEN',
    'NPM_TOKEN',
    'npmToken',
    'GITHUBTOKEN',
    'GH_PAT',
    'DB_PASSWORD',
    'db-password',
    'PGPASSWORD',
    'DB_PWD',
    'REDIS_PASS',
    'GPG_PASSPHRASE',
    'CLIENT_SECRET',
    'AWS_SECRET_ACCESS_KEY',
    'SECRETS',
    'API_KEY',
    'apikey',
    'OPENAI_API_KEY',
    'SSH_PRIVATE_KEY',
    'private.key',
    'SIGNING_KEY',
    'GCP_CREDENTIALS',
    'AUTH',
    'NPM_AUTH',
    'DOCKER_AUTH_CONFIG',
    'AUTHORIZATION',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'INPUT_GITHUB-TOKEN',
    'PKR_VAR_admin_password',
    'MYSQL_PASSWD',
    'BEARER',
    'DB_CREDS',
    'SESSION_JWT',
    'sessionCookie',
    'CARD_PIN',
    'OAUTH2'
  ])('%s says that it is a secret', name => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each([
    '',
    'PATH',
    'PWD',
    'OLDPWD',
    'HOME',
    'AUTHOR',
    'GIT_AUTHOR_NAME',
    'AUTHORS',
    'SSH_AUTH_SOCK',
    'XAUTHORITY',
    'KEYBOARD',
    'XKB_DEFAULT_LAYOUT',
    'CACHE_KEY',
    'PUBLIC_KEY',
    'PRIMARY_KEY',
    'COMPASS',
    'BYPASS',
    'TOKENIZERS_PARALLELISM',
    'MAX_TOKENS',
    'TOKEN_FILE',
    'PASSWORD_STORE_DIR',
    'SECRET_NAME',
    'AUTH_TYPE',
    'TOKEN_URL',
    'OAUTH_CLIENT_ID',
    'AWS_ACCESS_KEY_ID',
    'API_KEY_PATH',
    'PATTERN',
    'PYTHON_VERSION'
  ])('%s does not', name => {
    expect(isSecretName(name)).toBe(false)
  })

  it('of any length is read at once', () => {
    expect(isSecretName(`${'A_'.repeat(1_000_000)}TOKEN`)).toBe(false)
  })
})

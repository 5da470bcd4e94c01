import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { ConfigError, StartError } from '../shared/errors.ts'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const OWNER_ONLY = 0o600

/** A secret as it is stored: `v1.` and, in base64, nonce, tag and text under AES-256-GCM. */
export interface Sealed {
  readonly $secret: string
}

/** True for a stored secret. */
export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && typeof (value as { $secret?: unknown }).$secret === 'string'

/** Seals and opens secrets with the one key of this server. Keep the key file apart from the backup of the data if you can. */
export class SecretBox {
  readonly #key: Buffer

  private constructor(key: Buffer) {
    this.#key = key
  }

  /**
   * Reads the key file, or makes it (readable by its owner only) when there are no secrets yet. Throws a `StartError` when it is missing
   * although something was sealed with it, or is no key. A `given` key, in hex, takes the place of the file; one that differs from it is refused.
   */
  static async open(file: string, secretsExist: boolean, given: string | null = null): Promise<SecretBox> {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw new StartError(`The key file ${file} cannot be read.`, { cause })
      return null
    })
    if (given !== null) return new SecretBox(givenKey(given, text, file))
    if (text !== null) return new SecretBox(keyOf(text, file))
    if (secretsExist) {
      throw new StartError(
        `The key file ${file} is missing, and without it the stored passwords and tokens cannot be read. Put it back from your backup, or give the key in HANDOVER_SECRET_KEY.`,
      )
    }
    const key = randomBytes(KEY_BYTES)
    await writeKey(file, `${key.toString('hex')}\n`)
    return new SecretBox(key)
  }

  /** Seals a secret for one place; what was sealed for another place does not open here. */
  seal(secret: unknown, place: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(place))
    const text = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()])
    return { $secret: `v1.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')}` }
  }

  /** Opens a secret; throws a `ConfigError` when it was sealed with another key or for another place, or was changed. */
  open({ $secret }: Sealed, place: string): unknown {
    try {
      const bytes = Buffer.from($secret.replace('v1.', ''), 'base64')
      const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)]
      const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(place)).setAuthTag(rest.subarray(0, TAG_BYTES))
      return JSON.parse(Buffer.concat([decipher.update(rest.subarray(TAG_BYTES)), decipher.final()]).toString())
    } catch (cause) {
      throw new ConfigError(
        'A stored password or token cannot be opened with this key file. Type it in again, or put the right key file back.',
        { cause },
      )
    }
  }
}

function keyOf(text: string, file: string): Buffer {
  const key = Buffer.from(text.trim(), 'hex')
  if (key.length === KEY_BYTES) return key
  throw new StartError(`The key file ${file} is damaged. Put it back from your backup.`)
}

function givenKey(given: string, text: string | null, file: string): Buffer {
  if (text === null || text.trim().toLowerCase() === given.toLowerCase()) return Buffer.from(given, 'hex')
  throw new StartError(
    `HANDOVER_SECRET_KEY is not the key in ${file}, with which stored passwords and tokens were sealed. Take the setting away, or give the key of that file.`,
  )
}

/** Written and synced before the first secret is: a key that is lost in a power cut takes every secret with it. */
async function writeKey(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', OWNER_ONLY)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw new StartError(`The key file ${file} cannot be written.`, { cause })
  }
}

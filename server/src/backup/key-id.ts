import { createHash } from 'node:crypto'

/** Which key it is, without saying it: the beginning of its SHA-256. */
export const keyId = (hex: string): string => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex').slice(0, 16)

import { HandoverError, type ErrorOptions } from '../shared/errors.ts'

/** A backup that cannot be made, or an archive that cannot be restored, in words for the person who asked. */
export class BackupError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('BACKUP_REFUSED', message, options)
  }
}

import { HandoverError, type ErrorOptions, type FieldFault } from '@handover/sdk'

export { ConfigError, HandoverError, RecordError, SourceError } from '@handover/sdk'
export type { ErrorOptions } from '@handover/sdk'

/** The server cannot start as it was asked to; the command line prints the sentence and ends with code 2. */
export class StartError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('START_REFUSED', message, options)
  }
}

/** What was asked for does not exist. */
export class NotFoundError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('NOT_FOUND', message, options)
  }
}

/** What was asked for stands against what is already there. */
export class ConflictError extends HandoverError {
  /** The parts of the input at fault, when they are known. */
  readonly fields: readonly FieldFault[]

  constructor(message: string, options: ErrorOptions & { readonly fields?: readonly FieldFault[] } = {}) {
    super('CONFLICT', message, options)
    this.fields = options.fields ?? []
  }
}

/** A question to the API that cannot be answered as it was put: a wrong cursor, page size, filter or grouping. */
export class RequestError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('REQUEST_INVALID', message, options)
  }
}

/** Another worker has taken over the source; this one stops without writing. */
export class LeaseLostError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('LEASE_LOST', message, options)
  }
}

/** The lake cannot give or take what it should: a file is missing, damaged or refused, or the disk is full. */
export class LakeError extends HandoverError {
  constructor(
    code: 'LAKE_MISSING' | 'LAKE_REMOVED' | 'LAKE_DAMAGED' | 'LAKE_UNWRITABLE' | 'DISK_FULL',
    message: string,
    options: ErrorOptions = {},
  ) {
    super(code, message, options)
  }
}

/** The database cannot do what it should: it is busy for too long, cannot be reached, refuses, or its disk is full. */
export class WarehouseError extends HandoverError {
  constructor(
    code: 'DATABASE_BUSY' | 'DATABASE_LOST' | 'DATABASE_RIGHTS' | 'DATABASE_REFUSED' | 'DISK_FULL',
    message: string,
    options: ErrorOptions = {},
  ) {
    super(code, message, options)
  }
}

/** The schedule cannot be read or changed now: what keeps it does not answer. */
export class ScheduleError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('SCHEDULE_UNAVAILABLE', message, options)
  }
}

/** What one code means and what to do about it; the reference page of errors is made from this. */
export interface ErrorCode {
  readonly title: string
  readonly todo: string
}

/** Every code that the API lets through. Codes never change their meaning; all other errors answer INTERNAL. */
export const ERRORS: Readonly<Record<string, ErrorCode>> = {
  CONFIG_INVALID: { title: 'A setting is wrong', todo: 'Mend the setting that the message names; trying again does not help.' },
  SOURCE_FAILED: {
    title: 'The source did not answer as it should',
    todo: 'Handover tries again by itself; if it goes on, ask who runs the source.',
  },
  RECORD_INVALID: { title: 'A record does not fit', todo: 'The record is set aside with its raw text; mend the source or the connector.' },
  START_REFUSED: { title: 'Handover cannot start', todo: 'Do what the one line says, then start again.' },
  NOT_FOUND: { title: 'It does not exist', todo: 'Check the name; it may have been removed.' },
  CONFLICT: { title: 'It stands against what is there', todo: 'Choose another name, or change what is there first.' },
  REQUEST_INVALID: {
    title: 'The question cannot be answered as it was put',
    todo: 'Change the part of the question that the message names.',
  },
  LOAD_CANCELLED: { title: 'The load was cancelled', todo: 'Nothing: what was written stays, and the next load goes on from there.' },
  LOAD_HELD: { title: 'The load would remove most rows', todo: 'Open the load: keep the rows of before, or take the new list.' },
  LOAD_INTERRUPTED: { title: 'Handover or its database stopped during the load', todo: 'Nothing: the load went on from where it was.' },
  LOAD_PARKED: { title: 'The load stopped the server again and again', todo: "Look at the server's log, then load again by hand." },
  TOO_MANY_BAD: {
    title: 'Too many records do not fit',
    todo: 'Look at the records that were set aside; the source or the connector has changed.',
  },
  SERVER_STOPPING: { title: 'The server is being stopped', todo: 'Nothing: the load goes on after the next start.' },
  LEASE_LOST: { title: 'Another worker took over', todo: 'Nothing: the other worker goes on from the last checkpoint.' },
  LAKE_MISSING: {
    title: 'A raw file is gone',
    todo: 'Take the file out of a backup, which is a tar archive, and put it back at the same path.',
  },
  LAKE_REMOVED: { title: 'A raw record is not kept any more', todo: 'Nothing: it was removed because of its age, as was asked for.' },
  LAKE_DAMAGED: {
    title: 'A raw file is not as it was written',
    todo: 'Take the file out of a backup, which is a tar archive, put it back at the same path, and check the disk.',
  },
  LAKE_UNWRITABLE: {
    title: 'The lake cannot be written',
    todo: 'Give the user that runs Handover the right to write into the data folder.',
  },
  DISK_FULL: {
    title: 'The disk is full',
    todo: 'Make room on the disk of the data folder, or of the database where the message says so; the load goes on from its checkpoint.',
  },
  DATABASE_LOST: {
    title: 'The database cannot be reached',
    todo: 'Nothing at first: Handover tries again by itself. If it goes on, check that the database runs and that this machine reaches it.',
  },
  DATABASE_RIGHTS: { title: 'The database does not allow it', todo: 'Give the user of DATABASE_URL the right that the message names.' },
  DATABASE_REFUSED: {
    title: 'The database did not take rows as they are',
    todo: 'Report it: the batch was taken back, so nothing is half written.',
  },
  DATABASE_BUSY: { title: 'The database was busy for too long', todo: 'Try again; restart Handover if it goes on, and report it.' },
  SCHEDULE_UNAVAILABLE: {
    title: 'The schedule cannot be reached',
    todo: 'Bring MongoDB back; what was changed meanwhile counts by itself from then on.',
  },
  BACKUP_REFUSED: { title: 'A backup cannot be made or restored', todo: 'Do what the sentence says; nothing was written over.' },
  INTERNAL: { title: 'A fault of Handover itself', todo: 'Report it with the request id and the log around it.' },
}

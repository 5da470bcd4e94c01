import { WarehouseError } from '../../shared/errors.ts'

/** Result codes of SQLite, https://sqlite.org/rescode.html; the lowest byte of what an error carries. */
const [READ_ONLY, FULL] = [8, 13]

/** What a person is told of an error while the server runs; any other error is given back as it is. */
export function faultOf(error: unknown): unknown {
  const { errcode } = ((error as { driverError?: unknown }).driverError ?? error) as { errcode?: number }
  const options = { cause: error, detail: (error as Error).message }
  switch (errcode === undefined ? 0 : errcode & 0xff) {
    case FULL:
      return new WarehouseError(
        'DISK_FULL',
        'The disk of the data folder is full. Make room there; nothing that was written is lost.',
        options,
      )
    case READ_ONLY:
      return new WarehouseError(
        'DATABASE_RIGHTS',
        'The database in the data folder may only be read. Give the user that runs Handover the right to write there.',
        options,
      )
    default:
      return error
  }
}

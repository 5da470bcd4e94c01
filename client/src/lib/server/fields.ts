/** Parts of queries that several pages ask for; each matches a type in `model/types.ts`. */

/** Whose data it is: of a source, a dataset or a connector. */
export const PROVIDER = 'provider { name url licence licenceUrl attribution }'

export const SOURCE = `
  slug title about scheduleText paused state stateSince stateText nextLoadAt quarantined createdAt
  connector { name title invented }
  ${PROVIDER}
  schedule { every cron timeZone }
  lastLoad { id state startedAt finishedAt retryAt records pages error { code message } }
  lastSuccess { id finishedAt }`

/** A dataset with its columns, without what has to be counted. */
export const DATASET = `
  sourceSlug sourceField name title about field type table load key invented rows quarantined loadedAt changedAt nextLoadAt
  ${PROVIDER}
  columns { name title about kind nullable key unit role personal values }`

/** A load with its balance. */
export const LOAD = `
  id trigger state plannedAt queuedAt startedAt finishedAt retryAt attempt pages records bytes waits answer error { code message }
  balance { dataset read transformed filtered quarantinedRecords made inserted updated unchanged superseded quarantinedRows removed rowsAfter rowsBefore rowsOffered balances }`

/** What a whole column holds; counted when asked. */
export const FACTS = 'empty distinct min max example since lastAt'

import { setTimeout } from 'node:timers/promises'
import type { DataSource, EntityManager } from 'typeorm'
import { WarehouseError } from '../../shared/errors.ts'

const tries = 10
const secondsPerTry = 2

/**
 * Writes down, in the caller's transaction, that a filled table is to take the place of the shown one. RENAME ends a transaction, so it cannot
 * be part of one: this row is what decides, and `finishSwaps` does it, now or after a crash.
 */
export async function planSwap(manager: EntityManager, quote: (name: string) => string, from: string, to: string): Promise<void> {
  // Refuses a filled table that is gone, because a newer epoch has dropped it.
  await manager.query(`SELECT 1 FROM ${quote(from)} LIMIT 1`)
  await manager.query('REPLACE INTO handover_swap (table_name, staging) VALUES (?, ?)', [to, from])
}

/** What is written down for these tables and not done, as far as anybody knows. */
export function plannedSwaps(source: DataSource, tables: readonly string[]): Promise<{ tableName: string; staging: string }[]> {
  return source.query(`SELECT table_name AS tableName, staging FROM handover_swap WHERE table_name IN (${marksFor(tables)})`, [...tables])
}

/**
 * Does the swaps that are written down for these tables, all in one statement, so that a reader sees all of them or none. Doing it again does
 * nothing: a filled table that is gone has been swapped in already.
 */
export async function finishSwaps(source: DataSource, quote: (name: string) => string, tables: readonly string[]): Promise<void> {
  const planned = await plannedSwaps(source, tables)
  if (planned.length === 0) return
  const there = await existing(
    source,
    planned.flatMap(({ tableName, staging }) => [tableName, staging]),
  )
  const left = planned.filter(({ staging }) => there.has(staging))
  for (const { tableName } of planned) await source.query(`DROP TABLE IF EXISTS ${quote(oldName(tableName))}`)
  if (left.length > 0) {
    const pairs = left.flatMap(({ tableName, staging }) => [
      ...(there.has(tableName) ? [`${quote(tableName)} TO ${quote(oldName(tableName))}`] : []),
      `${quote(staging)} TO ${quote(tableName)}`,
    ])
    await rename(source, `RENAME TABLE ${pairs.join(', ')}`).catch(async (error: unknown) => {
      // Somebody else may have been about the same swap, and was first.
      if (
        (
          await existing(
            source,
            left.map(({ staging }) => staging),
          )
        ).size > 0
      )
        throw error
    })
  }
  for (const { tableName, staging } of planned) {
    await source.query('DELETE FROM handover_swap WHERE table_name = ? AND staging = ?', [tableName, staging])
    await source.query(`DROP TABLE IF EXISTS ${quote(oldName(tableName))}`)
  }
}

/** Looks like the staging table of no epoch, so whoever clears those up clears this one too. */
const oldName = (table: string): string => `${table}__e0`

const marksFor = (list: readonly unknown[]): string => list.map(() => '?').join(', ')

async function existing(source: DataSource, names: readonly string[]): Promise<Set<string>> {
  const sql = `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${marksFor(names)})`
  const rows: { name: string }[] = await source.query(sql, [...names])
  return new Set(rows.map(({ name }) => name))
}

/** RENAME waits for every statement that reads the table, and whoever comes meanwhile waits behind it: so it gives up soon, and tries again. */
async function rename(source: DataSource, statement: string): Promise<void> {
  const runner = source.createQueryRunner()
  try {
    await runner.query(`SET SESSION lock_wait_timeout = ${secondsPerTry}`)
    for (let attempt = 1; ; attempt++) {
      try {
        await runner.query(statement)
        return
      } catch (error) {
        const busy = error instanceof WarehouseError && error.code === 'DATABASE_BUSY'
        if (!busy || attempt === tries) throw error
        await setTimeout(500)
      }
    }
  } finally {
    await runner.query('SET SESSION lock_wait_timeout = 10').catch(() => undefined)
    await runner.release()
  }
}

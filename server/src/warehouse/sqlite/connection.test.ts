import { expect, test } from 'vitest'
import { temporaryDatabase } from '../testing/temporary.ts'

const beyondDouble = '9007199254740993'
const largest = '9223372036854775807'

test('reads whole numbers beyond 2^53 with all their digits and smaller ones as numbers', async () => {
  const { write, read } = await temporaryDatabase()
  await write.query('CREATE TABLE numbers (n BIGINT)')
  await write.query(`INSERT INTO numbers VALUES (${beyondDouble}), (${largest}), (-${beyondDouble}), (5)`)
  const expected = [{ n: beyondDouble }, { n: largest }, { n: `-${beyondDouble}` }, { n: 5 }]
  expect(await read.query('SELECT n FROM numbers')).toEqual(expected)
  expect(await read.query('SELECT n FROM numbers')).toEqual(expected)
})

test('runs a statement that writes and answers rows once, also when a number is large', async () => {
  const { write } = await temporaryDatabase()
  await write.query('CREATE TABLE numbers (n BIGINT)')
  expect(await write.query(`INSERT INTO numbers VALUES (${largest}) RETURNING n`)).toEqual([{ n: largest }])
  expect(await write.query('WITH one AS (SELECT 1) INSERT INTO numbers VALUES (7) RETURNING n')).toEqual([{ n: 7 }])
  expect(await write.query(`UPDATE numbers SET n = n - 1 WHERE n > 7 RETURNING n`)).toEqual([{ n: '9223372036854775806' }])
  expect(await write.query('SELECT count(*) AS rows FROM numbers')).toEqual([{ rows: 2 }])
})

test('takes more different statements than it keeps', async () => {
  const { read } = await temporaryDatabase()
  for (const round of [1, 2]) {
    for (let n = 0; n < 300; n++) expect(await read.query(`SELECT ${n} + ${round} AS n`)).toEqual([{ n: n + round }])
  }
})

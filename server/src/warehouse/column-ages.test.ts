import { expect, test } from 'vitest'
import { column, table } from './testing/shapes.ts'
import { temporaryWarehouse } from './testing/temporary.ts'
import { WarehouseService } from './warehouse.service.ts'

test('knows since when a table has each column, whatever its name, also after it was dropped and made again', async () => {
  const { db } = await temporaryWarehouse()
  const at = (day: number) => new WarehouseService(db, { now: () => new Date(`2026-03-0${day}T09:30:00.123Z`) })
  const [id, odd, late] = [column('id', 'int'), column('a "b` c', 'text'), column('late', 'text')]
  await at(1).prepare(table([id]))
  await at(2).prepare(table([id, odd]))
  await at(3).prepare(table([id, odd, late]))
  const ages = async () =>
    (await at(9).columnAges(table([id, odd, late]))).map(({ column: name, since }) => [name, since.toISOString().slice(0, 23)])
  expect(await ages()).toEqual([
    ['id', '2026-03-01T09:30:00.123'],
    ['a "b` c', '2026-03-02T09:30:00.123'],
    ['late', '2026-03-03T09:30:00.123'],
  ])
  await at(4).drop(table([id, odd, late]))
  await at(5).prepare(table([id, odd, late]))
  expect((await ages()).map(([, since]) => since)).toEqual(Array.from({ length: 3 }, () => '2026-03-05T09:30:00.123'))
  expect(await at(9).columnAges(table([column('unknown', 'text')]))).toHaveLength(1)
})

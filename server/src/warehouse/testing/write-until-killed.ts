import { migrations } from '../../migrations/index.ts'
import { openDatabase } from '../database.ts'
import { WarehouseService } from '../warehouse.service.ts'
import { column, put, table } from './shapes.ts'

// Runs as a process of its own: writes batch after batch, tells every commit, and stops for good inside the transaction that is named.
const [file = '', stopInside = '0', url = ''] = process.argv.slice(2)
const things = table([column('id', 'int'), column('batch', 'int')])
const clock = { now: () => new Date('2026-01-31T12:00:00.000Z') }

const db = await openDatabase({ file, url, entities: [], migrations })
const warehouse = new WarehouseService(db, clock)
await warehouse.prepare(things)
for (let batch = 1; ; batch++) {
  await db.transaction(async (manager) => {
    const ops = Array.from({ length: 1000 }, (_, n) => put([batch * 500 + n, batch], n))
    await warehouse.write(manager, things, { loadId: 'load', at: clock.now(), ops })
    if (batch !== Number(stopInside)) return
    process.stdout.write(`inside ${batch}\n`)
    await new Promise(() => setInterval(() => undefined, 60_000))
  })
}

import type { EntityManager } from 'typeorm'
import { LeaseLostError } from '../shared/errors.ts'
import type { Clock } from '../shared/clock.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { Lease } from './lease.entity.ts'

/** How long a lease lasts without a sign of life. */
export const leaseLength = 60_000

/** The right to write the tables of one source, as long as the database agrees. */
export interface HeldLease {
  readonly sourceId: string
  readonly epoch: number
  readonly holder: string
}

/** Hands out the right to write a source. Times are those of the clock beside the database, so two servers never compare their own. */
export class Leases {
  readonly #db: Database
  readonly #clock: Clock
  readonly #holder: string

  constructor(db: Database, clock: Clock, holder: string) {
    this.#db = db
    this.#clock = clock
    this.#holder = holder
  }

  /** Takes the lease with a new epoch; null while somebody else has it. */
  acquire(sourceId: string): Promise<HeldLease | null> {
    return this.#db.transaction(async (m) => {
      const known = await m.findOneBy(Lease, { sourceId })
      if (known && known.holder !== this.#holder && known.expiresAt > this.#clock.now()) return null
      const lease = { sourceId, epoch: (known?.epoch ?? 0) + 1, holder: this.#holder }
      const row = { ...lease, expiresAt: this.#end() }
      await (known ? m.update(Lease, { sourceId }, row) : m.insert(Lease, row))
      return lease
    })
  }

  /** First statement of every transaction that writes: renews the lease, or throws `LeaseLostError` so that nothing is changed. */
  async fence(m: EntityManager, lease: HeldLease): Promise<void> {
    const { affected } = await m.update(Lease, { ...lease }, { expiresAt: this.#end() })
    if (affected !== 1) throw new LeaseLostError(lease.sourceId)
  }

  /** Ends a lease early. Does nothing when somebody else has it by now. */
  async release(lease: HeldLease): Promise<void> {
    await this.#db.write.manager.update(Lease, { ...lease }, { expiresAt: this.#clock.now() })
  }

  /** Ends the lease of a source whoever has it; for the start of a server that is alone on its database. */
  async expire(sourceId: string): Promise<void> {
    await this.#db.write.manager.update(Lease, { sourceId }, { expiresAt: this.#clock.now() })
  }

  #end(): Date {
    return new Date(this.#clock.now().getTime() + leaseLength)
  }
}

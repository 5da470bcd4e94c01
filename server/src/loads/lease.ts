import type { EntityManager } from 'typeorm'
import { LeaseLostError } from '../shared/errors.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { Lease } from './lease.entity.ts'

/** How long a lease lasts without a sign of life. */
export const leaseLength = 30_000

/** The right to write the tables of one source, as long as the database agrees. */
export interface HeldLease {
  readonly sourceId: string
  readonly epoch: number
  readonly holder: string
}

/** Hands out the right to write a source. All times are those of the database's own clock, so no two processes ever compare theirs. */
export class Leases {
  readonly #db: Database
  readonly #holder: string

  /** `holder` names this process; no other one has that name. */
  constructor(db: Database, holder: string) {
    this.#db = db
    this.#holder = holder
  }

  /** Takes the lease with a new epoch; null while another process has it. One that ran out, or is ours already, is taken over. */
  acquire(sourceId: string): Promise<HeldLease | null> {
    return this.#db.transaction(async (m) => {
      await this.lockSource(m, sourceId)
      const { affected } = await m
        .createQueryBuilder()
        .update(Lease)
        .set({ epoch: () => 'epoch + 1', holder: this.#holder, expiresAt: () => this.#db.moment(leaseLength) })
        .where({ sourceId })
        .andWhere(`(holder = :holder OR expires_at <= ${this.#db.moment(0)})`, { holder: this.#holder })
        .execute()
      if (affected !== 1) return null
      const { epoch } = await m.findOneByOrFail(Lease, { sourceId })
      return { sourceId, epoch, holder: this.#holder }
    })
  }

  /**
   * Makes every other process that decides about this source wait until the transaction ends: two that ask for a load at once must not both
   * find that there is none.
   */
  async lockSource(m: EntityManager, sourceId: string): Promise<void> {
    const fresh = { sourceId, epoch: 0, holder: '', expiresAt: new Date(0) }
    const { affected } = await m.update(Lease, { sourceId }, { sourceId })
    if (affected === 0) await m.createQueryBuilder().insert().into(Lease).values(fresh).orIgnore().execute()
  }

  /** Throws `LeaseLostError` when somebody else has the source by now. Says nothing about the next moment, and keeps nobody waiting. */
  async check(m: EntityManager, { sourceId, epoch, holder }: HeldLease): Promise<void> {
    if (!(await m.existsBy(Lease, { sourceId, epoch, holder }))) throw lost(sourceId)
  }

  /** In every transaction that writes, mostly first: renews the lease, or throws `LeaseLostError` so that nothing is changed. */
  async fence(m: EntityManager, lease: HeldLease): Promise<void> {
    const { affected } = await m.update(Lease, { ...lease }, { expiresAt: () => this.#db.moment(leaseLength) })
    if (affected !== 1) throw lost(lease.sourceId)
  }

  /** Ends a lease early. Does nothing when somebody else has it by now. */
  async release(lease: HeldLease): Promise<void> {
    await this.#db.write.manager.update(Lease, { ...lease }, { expiresAt: () => this.#db.moment(0) })
  }

  /** Ends the lease of a source whoever has it; for the start of a server that is alone on its database. */
  async expire(sourceId: string): Promise<void> {
    await this.#db.write.manager.update(Lease, { sourceId }, { expiresAt: () => this.#db.moment(0) })
  }

  /** Takes the right to write away from whoever has it. */
  async revoke(sourceId: string): Promise<void> {
    await this.#db.write.manager.update(Lease, { sourceId }, { epoch: () => 'epoch + 1', expiresAt: () => this.#db.moment(0) })
  }

  /** Of all sources, those that another living process works on. */
  async taken(): Promise<Set<string>> {
    const held = await this.#db.write.manager
      .createQueryBuilder(Lease, 'lease')
      .where(`lease.expiresAt > ${this.#db.moment(0)}`)
      .andWhere('lease.holder <> :holder', { holder: this.#holder })
      .getMany()
    return new Set(held.map(({ sourceId }) => sourceId))
  }
}

const lost = (sourceId: string): LeaseLostError => new LeaseLostError(`Another process has taken over the source ${sourceId}.`)

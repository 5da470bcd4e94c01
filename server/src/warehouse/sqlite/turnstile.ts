import { WarehouseError } from '../../shared/errors.ts'

/** Gives the way free for the next in line. */
export type Free = () => void

/** Lets one through at a time, in the order of arrival. */
export class Turnstile {
  readonly #patience: number
  readonly #waiting: (() => void)[] = []
  #taken = false

  /** `patience`: milliseconds after which waiting is taken for a fault of ours. */
  constructor(patience: number) {
    this.#patience = patience
  }

  /** Resolves when it is our turn; throws when that takes too long, which is nearly always a transaction that waits for itself. */
  async enter(): Promise<Free> {
    if (this.#taken) await this.#wait()
    this.#taken = true
    return () => {
      this.#taken = false
      this.#waiting.shift()?.()
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        clearTimeout(timer)
        this.#taken = true
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1)
        reject(waitedTooLong(this.#patience))
      }, this.#patience)
      this.#waiting.push(admit)
    })
  }
}

const waitedTooLong = (patience: number): WarehouseError =>
  new WarehouseError('DATABASE_BUSY', 'The database was busy for too long. Try again; restart Handover if it goes on.', {
    detail:
      `A statement waited ${patience} ms for the write connection. Most likely code inside a transaction used \`write\` ` +
      'instead of the manager handed to it, and so waits for itself.',
  })

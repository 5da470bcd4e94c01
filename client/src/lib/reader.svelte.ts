import { getContext, setContext } from 'svelte'
import { Format } from './model/format.ts'
import type { ReaderSetting } from './model/types.ts'

const KEY = Symbol('reader')

/** The one who looks: their formats and their clock. Provided by the root layout. */
export class Reader {
  format: Format
  /** The server's time when the page was drawn, then the browser's, ticking. */
  now: Date

  constructor(setting: ReaderSetting, now: string) {
    this.format = $state.raw(new Format(setting))
    this.now = $state.raw(new Date(now))
  }

  /** Takes over the zone of the browser; called once it is known. */
  live(timeZone: string): void {
    if (timeZone !== this.format.timeZone) this.format = new Format({ locale: this.format.locale, timeZone })
  }
}

/** Puts the reader where every component below finds it. */
export function provideReader(reader: Reader): Reader {
  return setContext(KEY, reader)
}

/** The reader of this page. */
export function getReader(): Reader {
  return getContext<Reader>(KEY)
}

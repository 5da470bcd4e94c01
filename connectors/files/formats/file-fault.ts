import type { Settings } from '../settings.ts'

/** Why a file as a whole cannot be read, in a sentence for a person. */
export class FileFault extends Error {
  /** The setting that a person may have to mend; null when it is the file. */
  readonly setting: keyof Settings | null

  constructor(message: string, setting: keyof Settings | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.setting = setting
  }
}

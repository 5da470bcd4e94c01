import type { ReaderSetting } from '#lib/model/types.ts'

declare global {
  namespace App {
    interface Error {
      message: string
      /** Stable name of the error, for the engineer. */
      code?: string
    }
    interface Locals {
      reader: ReaderSetting
      theme: 'light' | 'dark' | 'system'
    }
  }
}

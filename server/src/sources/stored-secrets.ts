import type { Database } from '../warehouse/warehouse.service.ts'
import { openConfig } from './sealed-config.ts'
import { isSealed, SecretBox } from './secret-box.ts'
import { Source } from './source.entity.ts'

/**
 * How many sources keep secrets, and the slugs of those whose secrets the key of this place does not open. Makes no key where there is none: throws a `StartError`
 * when one is needed.
 */
export async function checkSecrets(db: Database, keyFile: string, given: string | null): Promise<{ sealed: number; closed: string[] }> {
  const sealed = (await db.read.manager.find(Source)).filter(({ config }) => Object.values(config).some(isSealed))
  if (sealed.length === 0) return { sealed: 0, closed: [] }
  const box = await SecretBox.open(keyFile, true, given)
  const opens = ({ id, config }: Source) => {
    try {
      return openConfig(box, id, config) !== null
    } catch {
      return false
    }
  }
  return { sealed: sealed.length, closed: sealed.filter((source) => !opens(source)).map(({ slug }) => slug) }
}

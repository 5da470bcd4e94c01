import { CatalogService } from '../../../catalog/catalog.service.ts'
import { fault, ok, warning, type Check } from '../../../shared/check.ts'
import { createLogger } from '../../logger.ts'
import { count } from '../words.ts'

/** Opens every connector as a start does, and names those that cannot be used. */
export async function checkConnectors(folders: readonly string[]): Promise<Check[]> {
  const catalog = await CatalogService.load(folders, createLogger('silent'))
  const all = catalog.list()
  const names = all.filter(({ connector }) => connector !== null).map(({ name }) => name)
  const broken = all.flatMap(({ error }) => (error === null ? [] : [error.message]))
  if (all.length === 0) return [warning('connectors', `There is no connector in ${folders.join(', ')}.`, 'Mend HANDOVER_CONNECTORS.')]
  return [
    ...(names.length > 0 ? [ok('connectors', `${count(names.length, 'connector')} can be used: ${names.join(', ')}.`)] : []),
    ...broken.map((message) => fault('connectors', message, 'Mend it, or take its folder away; its sources do not load until then.')),
  ]
}

import { Arg, Query, Resolver } from 'type-graphql'
import { RequestError } from '../shared/errors.ts'
import { JsonScalar } from '../shared/scalars.types.ts'
import { isTimeZone } from '../shared/time-zone.ts'
import type { ReceiptService } from './receipt.service.ts'
import { ReceiptMeasureInput, ReceiptType } from './receipt.types.ts'

/** Answers where a number comes from. */
@Resolver(() => ReceiptType)
export class ReceiptResolver {
  readonly #receipts: ReceiptService

  constructor(receipts: ReceiptService) {
    this.#receipts = receipts
  }

  @Query(() => ReceiptType, { description: 'Where a number of a dataset comes from: the count of its rows, or a measure of a column.' })
  async receipt(
    @Arg('source', () => String, { description: 'Slug of the source.' }) source: string,
    @Arg('dataset', () => String, { description: 'Its name, or what GraphQL calls it.' }) dataset: string,
    @Arg('where', () => JsonScalar, { nullable: true, description: 'Which rows, as the `where` of the dataset takes it.' }) where: unknown,
    @Arg('of', () => ReceiptMeasureInput, { nullable: true }) measure: ReceiptMeasureInput | null,
    @Arg('timeZone', () => String, { defaultValue: 'UTC', description: 'Whose times are meant, for example Europe/Stockholm.' })
    timeZone: string,
  ): Promise<ReceiptType> {
    if (!isTimeZone(timeZone)) throw new RequestError(`There is no time zone "${timeZone}". Give a name such as Europe/Stockholm.`)
    const isObject = where !== null && typeof where === 'object' && !Array.isArray(where)
    if (where !== null && where !== undefined && !isObject)
      throw new RequestError('"where" is an object, as the `where` of the dataset takes it.')
    const given = isObject ? (where as Record<string, unknown>) : null
    const { rawRecord, ...receipt } = await this.#receipts.of({ source, dataset, where: given, measure: measure ?? null, timeZone })
    if (rawRecord === null) return { ...receipt, rawRecord: null }
    const { text, part } = rawRecord
    const { slug, stream, loadId, landedAt, request } = part
    return { ...receipt, rawRecord: { text, source: slug, stream, loadId, landedAt, request } }
  }
}

import { Arg, Int, Query, Resolver } from 'type-graphql'

import { Int64Scalar } from '../shared/scalars.types.ts'
import type { LakeService } from './lake.service.ts'
import { RawRecordType } from './raw-record.types.ts'

/** Answers what the source said about a row. */
@Resolver(() => RawRecordType)
export class RawRecordResolver {
  readonly #lake: LakeService

  constructor(lake: LakeService) {
    this.#lake = lake
  }

  @Query(() => RawRecordType, {
    nullable: true,
    description: 'The record at a place of the lake, as `_rawPart` and `_rawLine` of a row name it.',
  })
  async rawRecord(
    @Arg('part', () => Int64Scalar) part: number | bigint,
    @Arg('line', () => Int) line: number,
  ): Promise<RawRecordType | null> {
    const {
      text,
      part: { slug, stream, loadId, landedAt, request },
    } = await this.#lake.record(Number(part), line)
    return { text, source: slug, stream, loadId, landedAt, request }
  }
}

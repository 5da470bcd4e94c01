import type { GraphQLResolveInfo } from 'graphql'
import type { Page, Where, WarehouseService } from '../warehouse/warehouse.service.ts'
import type { DatasetModel } from './dataset-model.ts'
import { rowShaper } from './row-shaper.ts'
import { below, namesBelow } from './selection.ts'
import { toWhere } from './where.ts'

type Input = Readonly<Record<string, unknown>>

interface PageArguments {
  where?: Input | null
  orderBy?: readonly { column: string; direction: 'asc' | 'desc' }[] | null
  first: number
  after?: string | null
}

interface GroupArguments {
  where?: Input | null
  by: readonly { column: string; step?: number | null; period?: 'decade' | 'year' | 'month' | 'day' | 'hour' | null }[]
  measures?: readonly { fn: 'sum' | 'avg' | 'min' | 'max'; column: string }[] | null
  orderBy: 'count' | 'key'
  direction: 'asc' | 'desc'
  first: number
}

/** Answers the generated fields from the warehouse. Nothing is read that was not asked for. */
export class DatasetResolvers {
  readonly #warehouse: WarehouseService

  constructor(warehouse: WarehouseService) {
    this.#warehouse = warehouse
  }

  /** A connection whose parts are read when GraphQL comes to them: rows with the columns asked for, the count only on request. */
  page(model: DatasetModel, args: PageArguments, info: GraphQLResolveInfo): object {
    const where = toWhere(model, args.where)
    const asked = namesBelow(below(info.fieldNodes, 'nodes', info), info)
    const fields = model.fields.filter((field) => asked.has(field.field))
    const shape = rowShaper(model, fields)
    let page: Promise<Page> | undefined
    const read = () =>
      (page ??= this.#warehouse.page(
        model.table,
        pageQuery(
          model,
          fields.map((field) => field.column),
          where,
          args,
        ),
      ))
    return {
      nodes: async () => (await read()).rows.map(shape),
      pageInfo: async () => {
        const { hasNextPage, endCursor } = await read()
        return { hasNextPage, endCursor }
      },
      totalCount: () => this.#warehouse.count(model.table, where),
    }
  }

  /** Groups with their counts and measures. */
  groups(model: DatasetModel, args: GroupArguments): Promise<object> {
    const by = args.by.map(({ column, step, period }) => ({
      column,
      ...(step == null ? {} : { step }),
      ...(period == null ? {} : { period }),
    }))
    return this.#warehouse.groups(model.table, {
      where: toWhere(model, args.where),
      by,
      measures: [...(args.measures ?? [])],
      orderBy: args.orderBy,
      direction: args.direction,
      first: args.first,
    })
  }
}

function pageQuery(model: DatasetModel, columns: string[], where: Where | null, args: PageArguments) {
  // A page of which only the end is asked for still needs one column to be read.
  const read = columns.length > 0 ? columns : [model.fields[0]!.column]
  return { columns: read, where, orderBy: [...(args.orderBy ?? [])], first: args.first, after: args.after ?? null }
}

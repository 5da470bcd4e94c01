import {
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLFieldConfigMap,
  type GraphQLInputFieldConfigMap,
  type GraphQLOutputType,
} from 'graphql'
import { Int64Scalar } from '../shared/scalars.types.ts'
import type { DatasetModel, SourceModel } from './dataset-model.ts'
import type { DatasetResolvers } from './dataset-resolvers.ts'
import { FILTERS, GroupOrder, Groups, MeasureFunction, Period, SCALARS, SortDirection } from './shared-types.ts'

const many = (type: GraphQLInputObjectType) => new GraphQLList(new GraphQLNonNull(type))

/** The type of a source's one field of `Query`: two fields for each of its datasets. */
export function sourceType(source: SourceModel, resolvers: DatasetResolvers, pageInfo: GraphQLOutputType): GraphQLObjectType {
  const fields = source.datasets.map((dataset) => datasetFields(dataset, resolvers, pageInfo))
  return new GraphQLObjectType({ name: `Data_${source.field}`, description: source.title, fields: Object.assign({}, ...fields) })
}

function datasetFields(
  model: DatasetModel,
  resolvers: DatasetResolvers,
  pageInfo: GraphQLOutputType,
): GraphQLFieldConfigMap<unknown, unknown> {
  const column = columnEnum(model)
  const where = whereType(model)
  return {
    [model.field]: {
      type: new GraphQLNonNull(connectionType(model, pageInfo)),
      description: model.table.shape.about,
      args: {
        where: { type: where },
        orderBy: { type: many(orderType(model, column)) },
        first: { type: GraphQLInt, defaultValue: 50, description: 'Rows of one page, 1 to 1,000.' },
        after: { type: GraphQLString, description: '`endCursor` of the page before.' },
      },
      resolve: (_, args, __, info) => resolvers.page(model, args, info),
    },
    [model.groupsField]: {
      type: new GraphQLNonNull(Groups),
      description: `Counts and measures over groups of rows. ${model.table.shape.about}`,
      args: {
        where: { type: where },
        by: { type: new GraphQLNonNull(many(byType(model, column))) },
        measures: { type: many(measureType(model, column)) },
        orderBy: { type: GroupOrder, defaultValue: 'count' },
        direction: { type: SortDirection, defaultValue: 'desc' },
        first: { type: GraphQLInt, defaultValue: 100, description: 'Groups of the answer, 1 to 1,000.' },
      },
      resolve: (_, args) => resolvers.groups(model, args),
    },
  }
}

function rowType(model: DatasetModel): GraphQLObjectType {
  const fields = model.fields.map((field) => {
    const type = field.required ? new GraphQLNonNull(SCALARS[field.kind]) : SCALARS[field.kind]
    return [field.field, { type, description: field.about }]
  })
  return new GraphQLObjectType({ name: model.typeName, description: model.table.shape.about, fields: Object.fromEntries(fields) })
}

function connectionType(model: DatasetModel, pageInfo: GraphQLOutputType): GraphQLObjectType {
  const rows = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(rowType(model))))
  return new GraphQLObjectType({
    name: `${model.typeName}_Connection`,
    fields: {
      nodes: { type: rows },
      totalCount: {
        type: new GraphQLNonNull(Int64Scalar),
        description: 'Rows that meet `where`, over all pages. Counted only when asked for.',
      },
      pageInfo: { type: new GraphQLNonNull(pageInfo) },
    },
  })
}

function columnEnum(model: DatasetModel): GraphQLEnumType {
  const values = model.fields.map((field) => [field.field, { value: field.column, description: field.about }])
  return new GraphQLEnumType({ name: `${model.typeName}_Column`, values: Object.fromEntries(values) })
}

/** The words of a filter itself; columns of these names can be read and sorted by, but not filtered. */
const FILTER_WORDS = ['and', 'or', 'not']

function whereType(model: DatasetModel): GraphQLInputObjectType {
  const filtered = model.fields.filter((field) => !FILTER_WORDS.includes(field.field))
  const type: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: `${model.typeName}_Where`,
    description: 'All conditions given must hold.',
    fields: (): GraphQLInputFieldConfigMap => ({
      and: { type: many(type), description: 'All of these hold.' },
      or: { type: many(type), description: 'At least one of these holds.' },
      not: { type, description: 'This does not hold.' },
      ...Object.fromEntries(filtered.map((field) => [field.field, { type: FILTERS[field.kind], description: field.about }])),
    }),
  })
  return type
}

const orderType = (model: DatasetModel, column: GraphQLEnumType) =>
  new GraphQLInputObjectType({
    name: `${model.typeName}_Order`,
    fields: { column: { type: new GraphQLNonNull(column) }, direction: { type: SortDirection, defaultValue: 'asc' } },
  })

const byType = (model: DatasetModel, column: GraphQLEnumType) =>
  new GraphQLInputObjectType({
    name: `${model.typeName}_By`,
    fields: {
      column: { type: new GraphQLNonNull(column) },
      step: { type: GraphQLFloat, description: 'Width of one group of numbers: 10 makes 0 to 10, 10 to 20, …' },
      period: { type: Period },
    },
  })

const measureType = (model: DatasetModel, column: GraphQLEnumType) =>
  new GraphQLInputObjectType({
    name: `${model.typeName}_Measure`,
    fields: { fn: { type: new GraphQLNonNull(MeasureFunction) }, column: { type: new GraphQLNonNull(column) } },
  })

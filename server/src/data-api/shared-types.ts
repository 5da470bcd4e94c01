import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLInputType,
  type GraphQLScalarType,
} from 'graphql'
import { DateScalar, DateTimeScalar, Int64Scalar, JsonScalar } from '../shared/scalars.types.ts'
import type { DataField } from './dataset-model.ts'

type FieldKind = DataField['kind']

/** How a value of each kind of column is written in GraphQL; decimals stay strings, so that no digit is lost. */
export const SCALARS: Readonly<Record<FieldKind, GraphQLScalarType>> = {
  text: GraphQLString,
  int: Int64Scalar,
  double: GraphQLFloat,
  decimal: GraphQLString,
  boolean: GraphQLBoolean,
  date: DateScalar,
  instant: DateTimeScalar,
  json: JsonScalar,
  image: GraphQLString,
  id: GraphQLID,
  int32: GraphQLInt,
}

const listOf = (type: GraphQLScalarType) => new GraphQLList(new GraphQLNonNull(type))
const equality = (type: GraphQLScalarType) => ({ eq: { type }, ne: { type }, in: { type: listOf(type) }, notIn: { type: listOf(type) } })
const order = (type: GraphQLScalarType) => ({ gt: { type }, gte: { type }, lt: { type }, lte: { type } })
const presence = { isNull: { type: GraphQLBoolean, description: 'true: the value is missing. false: there is one.' } }
const filter = (name: string, fields: Record<string, { type: GraphQLInputType }>) =>
  new GraphQLInputObjectType({ name, description: 'All conditions given must hold.', fields: { ...fields, ...presence } })

const text = { contains: { type: GraphQLString }, startsWith: { type: GraphQLString } }
const ordered = (name: string, type: GraphQLScalarType) => filter(name, { ...equality(type), ...order(type) })

const TextFilter = filter('TextFilter', { ...equality(GraphQLString), ...order(GraphQLString), ...text })
const IntFilter = ordered('IntFilter', Int64Scalar)
const PresenceFilter = filter('PresenceFilter', {})

/** The filter for each kind of column. */
export const FILTERS: Readonly<Record<FieldKind, GraphQLInputObjectType>> = {
  text: TextFilter,
  int: IntFilter,
  double: ordered('FloatFilter', GraphQLFloat),
  decimal: ordered('DecimalFilter', GraphQLString),
  boolean: filter('BooleanFilter', { eq: { type: GraphQLBoolean }, ne: { type: GraphQLBoolean } }),
  date: ordered('DateFilter', DateScalar),
  instant: ordered('InstantFilter', DateTimeScalar),
  json: PresenceFilter,
  image: PresenceFilter,
  id: filter('IdFilter', equality(GraphQLID)),
  int32: IntFilter,
}

const enumeration = (name: string, values: Record<string, string>, description: string) =>
  new GraphQLEnumType({ name, description, values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])) })

/** Which way a list is sorted. */
export const SortDirection = enumeration('SortDirection', { ASC: 'asc', DESC: 'desc' }, 'Which way a list is sorted.')

/** What groups are sorted by. */
export const GroupOrder = enumeration('GroupOrder', { COUNT: 'count', KEY: 'key' }, 'What groups are sorted by.')

/** The stretch of time that one group covers, in UTC. */
export const Period = enumeration(
  'Period',
  { DECADE: 'decade', YEAR: 'year', MONTH: 'month', DAY: 'day', HOUR: 'hour' },
  'The stretch of time that one group covers, in UTC.',
)

/** What is computed over the rows of a group. */
export const MeasureFunction = enumeration(
  'MeasureFunction',
  { SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max' },
  'What is computed over the rows of a group.',
)

const Group = new GraphQLObjectType({
  name: 'Group',
  fields: {
    keys: {
      type: new GraphQLNonNull(new GraphQLList(GraphQLString)),
      description: 'One for each `by`; null gathers the rows without a value.',
    },
    count: { type: new GraphQLNonNull(Int64Scalar), description: 'Rows in this group.' },
    values: { type: new GraphQLNonNull(new GraphQLList(GraphQLFloat)), description: 'One for each measure.' },
  },
})

/** An answer of groups, and how many there are in all. */
export const Groups = new GraphQLObjectType({
  name: 'Groups',
  fields: {
    groups: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Group))) },
    total: { type: new GraphQLNonNull(GraphQLInt), description: 'How many groups there are, shown or not.' },
  },
})

import { Field, Float, ObjectType, registerEnumType } from 'type-graphql'
import { JsonScalar } from '../shared/scalars.types.ts'
import type { CatalogService, Installed } from './catalog.service.ts'
import { ProviderType } from './provider.types.ts'

/** How a setting is asked for. */
export const FormFieldKind = {
  TEXT: 'text',
  NUMBER: 'number',
  BOOLEAN: 'boolean',
  CHOICE: 'choice',
  SECRET: 'secret',
  JSON: 'json',
  DOCUMENT: 'document',
} as const
registerEnumType(FormFieldKind, { name: 'FormFieldKind', description: 'How a setting is asked for.' })

/** One setting of a connector in the API. */
@ObjectType('FormField', { description: 'One setting of a connector, as a form shows it.' })
export class FormFieldType {
  @Field(() => String)
  name!: string

  @Field(() => String)
  title!: string

  @Field(() => String, { nullable: true })
  about!: string | null

  @Field(() => FormFieldKind)
  kind!: (typeof FormFieldKind)[keyof typeof FormFieldKind]

  @Field(() => Boolean, { description: 'False when it may be left out.' })
  required!: boolean

  @Field(() => JsonScalar, { nullable: true, description: 'What holds when it is left out.' })
  defaultValue!: unknown

  @Field(() => [String], { nullable: true, description: 'For CHOICE only.' })
  choices!: readonly string[] | null

  @Field(() => Float, { nullable: true })
  min!: number | null

  @Field(() => Float, { nullable: true })
  max!: number | null

  @Field(() => JsonScalar, { nullable: true, description: 'For DOCUMENT only: JSON Schema of what its text holds, read as YAML.' })
  document!: object | null

  @Field(() => String, { nullable: true, description: 'What a new one begins with.' })
  example!: string | null
}

/** An installed connector in the API. */
@ObjectType('Connector', { description: 'An installed kind of source. Sources are made from it by filling in its form.' })
export class ConnectorType {
  @Field(() => String)
  name!: string

  @Field(() => String)
  title!: string

  @Field(() => String)
  about!: string

  @Field(() => Boolean, { description: 'True when its records are made up.' })
  invented!: boolean

  @Field(() => ProviderType, {
    nullable: true,
    description: "Whose data it loads; null when it is nobody else's, or known only once a source is made.",
  })
  provider!: ProviderType | null

  @Field(() => Boolean, { description: 'False when it cannot be used; `problem` says why.' })
  ready!: boolean

  @Field(() => String, { nullable: true })
  problem!: string | null

  @Field(() => [FormFieldType])
  form!: FormFieldType[]
}

/** A connector or source that cannot be used, in the API. */
@ObjectType('Problem', { description: 'What cannot be used, and why.' })
export class ProblemType {
  @Field(() => String, { description: 'Name of the connector, or short name of the source.' })
  name!: string

  @Field(() => String)
  problem!: string
}

/** What a reload did, in the API. */
@ObjectType('ReloadedConnectors', { description: 'What a reload of the connectors found to be different, by their names.' })
export class ReloadedConnectorsType {
  @Field(() => [String])
  added!: readonly string[]

  @Field(() => [String], { description: 'Also those that are broken now, or mended.' })
  changed!: readonly string[]

  @Field(() => [String])
  removed!: readonly string[]

  @Field(() => [ProblemType], { description: 'Every connector that cannot be used now; loads of its sources fail until it is mended.' })
  broken!: readonly ProblemType[]

  @Field(() => [ProblemType], {
    description: 'Sources whose tables do not fit what their changed connector declares; they stay as they were.',
  })
  unfit!: readonly ProblemType[]
}

/** The connector of that name as the API shows it; null when there is no folder of that name. */
export function connectorOf(catalog: CatalogService, name: string): ConnectorType | null {
  const installed = catalog.list().find((each) => each.name === name)
  return installed ? shownConnector(catalog, installed) : null
}

/** A connector folder as the API shows it. */
export function shownConnector(catalog: CatalogService, { name, connector, error }: Installed): ConnectorType {
  return {
    name,
    title: connector?.title ?? name,
    about: connector?.about ?? '',
    invented: connector?.invented === true,
    provider: connector?.provider ?? null,
    ready: connector !== null,
    problem: error?.message ?? null,
    form: connector ? catalog.form(name).map(({ default: defaultValue, ...field }) => ({ ...field, defaultValue })) : [],
  }
}

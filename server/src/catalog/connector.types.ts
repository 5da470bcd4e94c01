import { Field, Float, ObjectType, registerEnumType } from 'type-graphql'
import { JsonScalar } from '../shared/scalars.types.ts'
import type { CatalogService } from './catalog.service.ts'
import { ProviderType } from './provider.types.ts'

/** How a setting is asked for. */
export const FormFieldKind = {
  TEXT: 'text',
  NUMBER: 'number',
  BOOLEAN: 'boolean',
  CHOICE: 'choice',
  SECRET: 'secret',
  JSON: 'json',
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

/** A connector as the API shows it; null when there is no folder of that name. */
export function connectorOf(catalog: CatalogService, name: string): ConnectorType | null {
  const installed = catalog.list().find((each) => each.name === name)
  if (!installed) return null
  const { connector, error } = installed
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

import { Arg, Query, Resolver } from 'type-graphql'
import type { CatalogService } from './catalog.service.ts'
import { connectorOf, ConnectorType } from './connector.types.ts'

/** Answers which connectors are installed. */
@Resolver(() => ConnectorType)
export class ConnectorResolver {
  readonly #catalog: CatalogService

  constructor(catalog: CatalogService) {
    this.#catalog = catalog
  }

  @Query(() => [ConnectorType], { description: 'Every installed connector, also those that cannot be used.' })
  connectors(): ConnectorType[] {
    return this.#catalog.list().map(({ name }) => connectorOf(this.#catalog, name)!)
  }

  @Query(() => ConnectorType, { nullable: true })
  connector(@Arg('name', () => String) name: string): ConnectorType | null {
    return connectorOf(this.#catalog, name)
  }
}

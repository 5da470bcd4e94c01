import { Arg, Mutation, Query, Resolver } from 'type-graphql'
import type { CatalogService } from './catalog.service.ts'
import { connectorOf, ConnectorType, ReloadedConnectorsType, shownConnector } from './connector.types.ts'

/** Opens the connector folders again, and makes everything follow. */
export type Reload = () => Promise<ReloadedConnectorsType>

/** Answers which connectors are installed. */
@Resolver(() => ConnectorType)
export class ConnectorResolver {
  readonly #catalog: CatalogService
  readonly #reload: Reload

  constructor(catalog: CatalogService, reload: Reload) {
    this.#catalog = catalog
    this.#reload = reload
  }

  @Query(() => [ConnectorType], { description: 'Every installed connector, also those that cannot be used.' })
  connectors(): ConnectorType[] {
    return this.#catalog.list().map((installed) => shownConnector(this.#catalog, installed))
  }

  @Query(() => ConnectorType, { nullable: true })
  connector(@Arg('name', () => String) name: string): ConnectorType | null {
    return connectorOf(this.#catalog, name)
  }

  @Mutation(() => ReloadedConnectorsType, {
    description:
      'Opens the connector folders again, here and within seconds in every other process on the same database. Loads that run go on with the connector they began with.',
  })
  reloadConnectors(): Promise<ReloadedConnectorsType> {
    return this.#reload()
  }
}

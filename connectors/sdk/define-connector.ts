import type { z } from 'zod'
import { checkConnector } from './check-connector.ts'
import type {
  Connector,
  Context,
  Dataset,
  DiscoveredDataset,
  Discovery,
  ExtractContext,
  Json,
  Media,
  Page,
  Provider,
  Stream,
  Transformed,
} from './contract.ts'

/** A dataset whose `from` must name a stream of the same connector. */
type DatasetOf<Columns extends z.ZodObject, StreamName extends string> = Dataset<Columns> & { readonly from: StreamName }

/** What `defineConnector` takes: a `Connector` with the compiler checking `from`, `key` and what `transform` returns. */
export interface Definition<Config extends z.ZodObject, StreamName extends string, Datasets extends Record<string, z.ZodObject>> {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly invented?: boolean
  readonly provider?: Provider
  readonly config: Config
  check?(context: Context<z.output<Config>>): Promise<unknown>
  readonly streams?: Readonly<Record<StreamName, Stream<z.output<Config>>>>
  readonly datasets?: { readonly [Name in keyof Datasets]: DatasetOf<Datasets[Name], NoInfer<StreamName>> }
  discover?(context: Context<z.output<Config>>, previous: Discovery | null): Promise<Discovery>
  extract?(stream: string, context: ExtractContext<z.output<Config>>): AsyncIterable<Page>
  parse?(stream: string, text: string, hint: Json): unknown
  transform?(dataset: DiscoveredDataset, record: any, partition: string): Transformed
  media?(key: string, context: Context<z.output<Config>>): Promise<Media>
}

/** Declares a connector. Throws one `ConfigError` that lists every fault of the declaration, one line each. */
export function defineConnector<Config extends z.ZodObject, StreamName extends string, Datasets extends Record<string, z.ZodObject>>(
  definition: Definition<Config, StreamName, Datasets>,
): Connector<Config> {
  const connector = definition as Connector<Config>
  checkConnector(connector)
  return Object.freeze(connector)
}

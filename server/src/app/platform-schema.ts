import 'reflect-metadata'
import type { GraphQLSchema } from 'graphql'
import { buildSchemaSync } from 'type-graphql'
import { ConnectorResolver } from '../catalog/connector.resolver.ts'
import { ColumnResolver, DatasetResolver, SourceDatasetsResolver } from '../data-api/dataset.resolver.ts'
import { ChangesResolver, PipelineResolver } from '../explain/explain.resolver.ts'
import { ReceiptResolver } from '../explain/receipt.resolver.ts'
import { RawRecordResolver } from '../lake/raw-record.resolver.ts'
import { DatasetLoadsResolver } from '../loads/dataset-loads.resolver.ts'
import { BalanceResolver, LoadResolver } from '../loads/load.resolver.ts'
import { QuarantineDiscardedResolver, QuarantineReasonResolver, QuarantineResolver } from '../loads/quarantine.resolver.ts'
import { ChangeResolver, LoadSubscriptionsResolver } from '../loads/load-subscriptions.resolver.ts'
import { LoadWatch } from '../loads/loads.service.ts'
import { SourceLoadsResolver } from '../loads/source-loads.resolver.ts'
import { NoteResolver } from '../notes/note.resolver.ts'
import { DateTimeScalar } from '../shared/scalars.types.ts'
import { SourceDraftResolver } from '../sources/source-draft.resolver.ts'
import { SourceResolver } from '../sources/source.resolver.ts'
import { PlatformResolver } from './platform.resolver.ts'
import { subscriptions } from './subscriptions.ts'

/** Every resolver of the platform's own part of the API. */
const RESOLVERS = [
  ConnectorResolver,
  SourceResolver,
  SourceDraftResolver,
  DatasetResolver,
  SourceDatasetsResolver,
  ColumnResolver,
  LoadResolver,
  BalanceResolver,
  QuarantineDiscardedResolver,
  QuarantineReasonResolver,
  LoadSubscriptionsResolver,
  ChangeResolver,
  QuarantineResolver,
  SourceLoadsResolver,
  DatasetLoadsResolver,
  RawRecordResolver,
  NoteResolver,
  PipelineResolver,
  ChangesResolver,
  ReceiptResolver,
  PlatformResolver,
] as const

/** Gives the instance of a resolver class; asked when a request comes, never while the schema is built. */
export type FindResolver = (resolver: unknown) => unknown

/** Builds the platform's own part of the schema. */
export function platformSchema(find: FindResolver): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [...RESOLVERS],
    container: { get: (resolver) => find(resolver) },
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    pubSub: subscriptions(() => find(LoadWatch) as LoadWatch),
    validate: false,
  })
}

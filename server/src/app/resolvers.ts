import type { CatalogService } from '../catalog/catalog.service.ts'
import { ConnectorResolver } from '../catalog/connector.resolver.ts'
import type { DataApiService } from '../data-api/data-api.service.ts'
import { ColumnResolver, DatasetResolver, SourceDatasetsResolver } from '../data-api/dataset.resolver.ts'
import { ChangesResolver, PipelineResolver } from '../explain/explain.resolver.ts'
import type { ExplainService } from '../explain/explain.service.ts'
import { ReceiptResolver } from '../explain/receipt.resolver.ts'
import { ReceiptService } from '../explain/receipt.service.ts'
import type { LakeService } from '../lake/lake.service.ts'
import { RawRecordResolver } from '../lake/raw-record.resolver.ts'
import { DatasetLoadsResolver } from '../loads/dataset-loads.resolver.ts'
import { BalanceResolver, LoadResolver } from '../loads/load.resolver.ts'
import { ChangeResolver, LoadSubscriptionsResolver } from '../loads/load-subscriptions.resolver.ts'
import type { LoadsService } from '../loads/loads.service.ts'
import { QuarantineDiscardedResolver, QuarantineReasonResolver, QuarantineResolver } from '../loads/quarantine.resolver.ts'
import { SourceLoadsResolver } from '../loads/source-loads.resolver.ts'
import { NoteResolver } from '../notes/note.resolver.ts'
import type { NotesService } from '../notes/notes.service.ts'
import type { ScheduleService } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { SourceDraftResolver } from '../sources/source-draft.resolver.ts'
import { SourceResolver } from '../sources/source.resolver.ts'
import type { SourcesService } from '../sources/sources.service.ts'
import type { WarehouseService } from '../warehouse/warehouse.service.ts'
import { PlatformResolver, type PlatformFacts } from './platform.resolver.ts'
import type { Reloads } from './reload.ts'

/** The services that resolvers ask. */
export interface ResolverParts {
  readonly sources: SourcesService
  readonly catalog: CatalogService
  readonly schedule: ScheduleService
  readonly warehouse: WarehouseService
  readonly loads: LoadsService
  readonly lake: LakeService
  readonly notes: NotesService
  readonly explain: ExplainService
  readonly dataApi: DataApiService
  readonly reloads: Reloads
  readonly facts: PlatformFacts
  readonly clock: Clock
}

/** Makes one instance of every resolver of the platform's own part of the API. */
export function createResolvers(parts: ResolverParts): object[] {
  const { sources, catalog, warehouse, loads, lake, notes, explain, reloads, facts } = parts
  return [
    new ConnectorResolver(catalog, () => reloads.now()),
    new SourceResolver(sources, catalog),
    new SourceDraftResolver(sources),
    new DatasetResolver(parts),
    new SourceDatasetsResolver(parts),
    new ColumnResolver(warehouse, parts.clock),
    new LoadResolver(loads, sources),
    new BalanceResolver(),
    new QuarantineResolver(loads, sources),
    new QuarantineDiscardedResolver(),
    new QuarantineReasonResolver(),
    new LoadSubscriptionsResolver(loads),
    new ChangeResolver(loads),
    new SourceLoadsResolver(parts),
    new DatasetLoadsResolver(loads),
    new RawRecordResolver(lake),
    new NoteResolver(notes),
    new PipelineResolver(explain),
    new ChangesResolver(explain, loads),
    new ReceiptResolver(new ReceiptService(parts)),
    new PlatformResolver(facts, lake),
  ]
}

import { StoredDataset } from './dataset.entity.ts'
import { Source } from './source.entity.ts'

/** Every platform table that sources own. */
export const sourceEntities = [Source, StoredDataset]

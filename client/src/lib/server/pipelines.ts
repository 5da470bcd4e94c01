import { error } from '@sveltejs/kit'
import type { PipelineStep } from '../model/pipelines.ts'
import type { Dataset, ReaderSetting, Source } from '../model/types.ts'
import { ask } from './api.ts'
import { DATASET, SOURCE } from './fields.ts'

const STEP = 'kind title technicalTitle number counts plain technical'

/** A dataset with its way from the source to the screen. */
export type Explained = Dataset & {
  howItWorks: PipelineStep[]
  source: Pick<Source, 'slug' | 'title' | 'state' | 'stateText' | 'scheduleText' | 'nextLoadAt'>
}

/** Every dataset with its way. */
export async function readPipelines({ timeZone }: ReaderSetting): Promise<Explained[]> {
  const { datasets } = await ask<{ datasets: Explained[] }>(
    `query Pipelines($timeZone: String!) { datasets { ${DATASET} howItWorks(timeZone: $timeZone) { ${STEP} }
      source { slug title state stateText scheduleText nextLoadAt } } }`,
    { timeZone },
  )
  return datasets
}

/** One dataset with its way and its source; a 404 page when there is none. */
export async function getPipeline(
  source: string,
  name: string,
  { timeZone }: ReaderSetting,
): Promise<{ dataset: Dataset & { howItWorks: PipelineStep[] }; source: Source }> {
  const found = await ask<{ dataset: (Dataset & { howItWorks: PipelineStep[] }) | null; source: Source | null }>(
    `query Pipeline($source: String!, $name: String!, $timeZone: String!) {
      dataset(source: $source, name: $name) { ${DATASET} howItWorks(timeZone: $timeZone) { ${STEP} } }
      source(slug: $source) { ${SOURCE} } }`,
    { source, name, timeZone },
  )
  if (!found.dataset || !found.source) error(404, { message: `There is no dataset “${name}” of a source “${source}”.` })
  return { dataset: found.dataset, source: found.source }
}

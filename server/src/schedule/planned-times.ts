import { Agenda, type JobWithState } from 'agenda'
import { JOB } from './plans.ts'
import type { ScheduleBackend } from './schedule-backend.ts'
import { toTrigger, type TriggerData } from './trigger.ts'

/** When a source loads next, whatever keeps it. */
export type PlannedTime = TriggerData

/** Every planned time, to be kept elsewhere; those of runs that have begun too, because it is not known how they end. */
export async function readPlans({ repository }: ScheduleBackend): Promise<PlannedTime[]> {
  const { jobs } = await repository.queryJobs({ name: JOB })
  const triggers = (jobs as JobWithState<TriggerData>[]).map(toTrigger).filter(({ isDisabled }) => !isDisabled)
  return triggers.map(({ sourceId, plannedAt, schedule }) => ({ sourceId, plannedAt: plannedAt.toISOString(), schedule }))
}

/** Keeps planned times where there are none yet. Those that have passed are due at once, as after any pause. */
export async function keepPlans(backend: ScheduleBackend, plans: readonly PlannedTime[]): Promise<void> {
  const agenda = new Agenda({ backend })
  await agenda.ready
  for (const plan of plans) await agenda.create<TriggerData>(JOB, plan).schedule(new Date(plan.plannedAt)).save()
}

import { AgendaJob } from './agenda-job.entity.ts'

/** Every platform table that the schedule owns. */
export const scheduleEntities = [AgendaJob]

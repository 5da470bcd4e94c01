import { channelsOf, type NotifySettings } from '../../../notify/notify.service.ts'
import { ok, type Check } from '../../../shared/check.ts'

/** Who is told when something is the matter with a source. Nobody is no fault: perhaps somebody looks. */
export async function checkTold(settings: NotifySettings): Promise<Check[]> {
  const names = channelsOf(settings).map(({ name }) => name)
  if (names.length > 0) return [ok('told', `When a source needs somebody: ${names.join(', ')}. Try it with: npx handover notify`)]
  return [ok('told', 'Nobody is told when a source needs somebody; HANDOVER_NOTIFY_EMAIL or HANDOVER_NOTIFY_WEBHOOK says who.')]
}

import { channelsOf } from '../../notify/notify.service.ts'
import { readSettings } from '../config.ts'
import { CliError, type Call } from './call.ts'

const WORDS = 'This is a test. Handover tells you here when a source fails, is late, held or silent, and when it is well again.'

/** `handover notify`: sends a test message through every channel that is set. 1 when one of them did not take it. */
export async function notify({ env, cwd, terminal, flags }: Call): Promise<number> {
  const settings = readSettings(env, cwd)
  const channels = channelsOf(settings.notify)
  if (channels.length === 0)
    throw new CliError('Nobody is told of sources: set HANDOVER_NOTIFY_EMAIL with HANDOVER_SMTP_URL, or HANDOVER_NOTIFY_WEBHOOK.')
  const message = { subject: 'Handover: a test', text: WORDS, html: `<p>${WORDS}</p>`, events: [] }
  const sent = await Promise.all(
    channels.map(async (channel) => {
      try {
        return { channel: channel.name, ok: true, answer: await channel.send(message) }
      } catch (error) {
        return { channel: channel.name, ok: false, answer: (error as Error).message }
      }
    }),
  )
  if (flags.has('json')) terminal.json(sent)
  else
    for (const { channel, ok, answer } of sent)
      terminal.line(`${terminal.tone(ok ? 'good' : 'bad', ok ? 'sent ' : 'fault')}  ${channel}: ${answer}`)
  return sent.every(({ ok }) => ok) ? 0 : 1
}

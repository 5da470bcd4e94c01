import type { NotifySettings } from '../notify/notify.service.ts'

/** The settings of notifications as they were given. */
interface GivenNotify {
  readonly webhook: string
  readonly emails: readonly string[]
  readonly from: string
  readonly smtp: string
}

/** Reads who is told, and how. Faults never repeat an address of a server, because it may hold a password. */
export function readNotify({ webhook, emails, from, smtp }: GivenNotify, faults: string[]): NotifySettings {
  if (webhook !== '' && !isAddress(webhook, ['http:', 'https:']))
    faults.push('HANDOVER_NOTIFY_WEBHOOK must be an address that begins with https:// or http://.')
  const wrong = emails.find((email) => !/^[^\s@<>]+@[^\s@<>]+$/.test(email))
  if (wrong !== undefined)
    faults.push(`HANDOVER_NOTIFY_EMAIL holds "${wrong}"; it must be addresses like ops@example.org, separated by commas.`)
  if (smtp !== '' && !isAddress(smtp, ['smtp:', 'smtps:']))
    faults.push('HANDOVER_SMTP_URL must be an address like smtps://user:password@mail.example.org.')
  if (emails.length > 0 && smtp === '')
    faults.push('HANDOVER_NOTIFY_EMAIL is set, but HANDOVER_SMTP_URL is not: no mail server would take the e-mails.')
  if (emails.length === 0 && smtp !== '') faults.push('HANDOVER_SMTP_URL is set, but HANDOVER_NOTIFY_EMAIL is not: nobody would be told.')
  return {
    webhook: webhook === '' ? null : webhook,
    email: emails.length === 0 ? null : { to: emails, from: from || emails[0]!, smtp },
  }
}

const isAddress = (text: string, schemes: readonly string[]): boolean => URL.canParse(text) && schemes.includes(new URL(text).protocol)

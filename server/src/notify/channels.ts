import type { Message } from './message.ts'

/** Where messages go. */
export interface NotifySettings {
  /** Takes the message as JSON. */
  readonly webhook: string | null
  readonly email: { readonly to: readonly string[]; readonly from: string; readonly smtp: string } | null
}

/** A way to tell people. */
export interface Channel {
  /** For a person; holds no address of a webhook, which may be a secret. */
  readonly name: string
  /** Resolves with what the receiver said; throws when it did not take the message. */
  send(message: Message): Promise<string>
}

const PATIENCE_MS = 10_000

/** The channels that are set. */
export const channelsOf = ({ webhook, email }: NotifySettings): Channel[] => [
  ...(webhook === null ? [] : [webhookChannel(webhook)]),
  ...(email === null ? [] : [emailChannel(email)]),
]

function webhookChannel(url: string): Channel {
  const { hostname } = new URL(url)
  return {
    name: `webhook at ${hostname}`,
    async send({ subject, text, events }) {
      const body = JSON.stringify({ text: `${subject}\n\n${text}`, subject, events })
      const answer = await fetch(url, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
        // Somebody else than the one who was named must not get it.
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch((cause: Error) => {
        throw new Error(`it did not answer (${reasonOf(cause)})`, { cause })
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
      return `answered ${answer.status}`
    },
  }
}

const reasonOf = (error: Error): string => String((error.cause as { code?: unknown } | undefined)?.code ?? error.name)

function emailChannel({ to, from, smtp }: NonNullable<NotifySettings['email']>): Channel {
  const times = { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS }
  return {
    name: `e-mail to ${to.join(', ')}`,
    async send({ subject, text, html }) {
      // Read into memory only where there is something to send.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({ url: smtp, ...times })
      try {
        const { response } = await transport.sendMail({ from, to: [...to], subject, text, html })
        return response
      } catch (error) {
        const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string }
        throw new Error(`it was not taken (${responseCode ?? code ?? message})`, { cause: error })
      } finally {
        transport.close()
      }
    },
  }
}

/** One setting of the server: the only list there is; start-up check, documentation, `.env.example` and "did you mean" come from it. */
export interface SettingDefinition {
  readonly name: string
  /** As a person would type it; empty when it is made from another setting. */
  readonly default: string
  readonly about: string
  /** True for what may hold a password or a key: it is shown nowhere, and may be given as a file that holds it, named by `<name>_FILE`. */
  readonly secret?: true
}

/** Every setting, in the order of the documentation. */
export const SETTINGS: readonly SettingDefinition[] = [
  {
    name: 'DATABASE_URL',
    default: '',
    about:
      'The MySQL server that holds all tables, for example `mysql://user:password@db.example.org:3306/handover`. Empty: a SQLite file in the data folder.',
    secret: true,
  },
  {
    name: 'DATABASE_PASSWORD',
    default: '',
    about: 'The password of the user in `DATABASE_URL`, as it is: here no character needs percent form.',
    secret: true,
  },
  {
    name: 'MONGODB_URL',
    default: '',
    about:
      'The MongoDB server that keeps the schedule, for example `mongodb://mongo.example.org:27017/handover`. Empty: it is kept beside the tables.',
    secret: true,
  },
  { name: 'MONGODB_PASSWORD', default: '', about: 'The password of the user in `MONGODB_URL`, as it is.', secret: true },
  {
    name: 'HANDOVER_SECRET_KEY',
    default: '',
    about:
      'The key that seals the passwords and tokens of sources: 64 hexadecimal digits, for example from `openssl rand -hex 32`. Empty: it is made at the first start and kept as `secret.key` in the data folder.',
    secret: true,
  },
  { name: 'HANDOVER_PORT', default: '3000', about: 'Port of dashboard and API, 0 to 65535. 0 takes any free one.' },
  {
    name: 'HANDOVER_HOST',
    default: '127.0.0.1',
    about: 'Address to listen on. There are no accounts yet, so anything but a loopback address lets everybody in that network in.',
  },
  {
    name: 'HANDOVER_HEALTH_PORT',
    default: '',
    about:
      'A port of its own, at `HANDOVER_HOST`, for `/healthz`, `/readyz` and `/metrics`. A worker answers nowhere else; any other process answers them at `HANDOVER_PORT` too. Empty: none. 0 takes any free one.',
  },
  {
    name: 'HANDOVER_DATA',
    default: 'data',
    about:
      'Folder for lake, key and, without `DATABASE_URL`, the database. Made when it is missing. `handover backup` has all of it but the key and your own files, unless you say so.',
  },
  {
    name: 'HANDOVER_FILES',
    default: '',
    about: 'The one folder below which connectors may read files. Empty: `files` in the data folder.',
  },
  {
    name: 'HANDOVER_CONNECTORS',
    default: 'connectors',
    about:
      'Folders that hold connectors, separated by commas; each connector is a folder in one of them. What changes there while the server runs is taken up by [`npx handover reload`](cli.md#reload).',
  },
  {
    name: 'HANDOVER_NOTIFY_EMAIL',
    default: '',
    about: 'Who is told by e-mail when a source fails, is late, held or silent, and when it is well again: addresses, separated by commas.',
  },
  {
    name: 'HANDOVER_NOTIFY_FROM',
    default: '',
    about: 'The sender of these e-mails, for example `Handover <data@example.org>`. Empty: the first address of `HANDOVER_NOTIFY_EMAIL`.',
  },
  {
    name: 'HANDOVER_SMTP_URL',
    default: '',
    about: 'The mail server that takes them, for example `smtps://user:password@mail.example.org` or `smtp://mail.example.org:587`.',
    secret: true,
  },
  {
    name: 'HANDOVER_NOTIFY_WEBHOOK',
    default: '',
    about:
      'An address that is told the same, as JSON with a `text` as Slack, Mattermost and others show it: see [notifications](../guides/notifications.md).',
    secret: true,
  },
  {
    name: 'HANDOVER_KEEP_LOADS',
    default: '90d',
    about:
      'How long records of loads are kept, with their balances and logs: days (`90d`) or `all`. The newest 30 of each source always stay, and what something still points at.',
  },
  { name: 'HANDOVER_KEEP_LOGS', default: '30d', about: 'How long the log lines of loads are kept: days (`30d`) or `all`.' },
  {
    name: 'HANDOVER_KEEP_LAKE',
    default: 'all',
    about:
      'How much is kept of raw pages that no replay needs: days (`365d`), a size (`50GB`) or `all`. Others are only removed by [`handover prune`](../guides/retention.md).',
  },
  { name: 'HANDOVER_LOG', default: 'warn', about: 'What is logged: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.' },
  {
    name: 'HANDOVER_SANDBOX',
    default: 'on',
    about: '`on` offers Apollo Sandbox, a page of apollographql.com, as a button at `/graphql`; `off` leaves only the built-in query box.',
  },
  {
    name: 'HANDOVER_PUBLIC_URL',
    default: '',
    about:
      'Where people reach the dashboard when something stands before it, a reverse proxy or a cloud: for example `https://data.example.org`. Its name is allowed as those in `HANDOVER_ALLOWED_HOSTS` are. Empty: this machine.',
  },
  {
    name: 'HANDOVER_ALLOWED_HOSTS',
    default: '',
    about: 'Names, separated by commas, under which browsers may reach the server besides localhost, for example `data.example.org`.',
  },
  {
    name: 'HANDOVER_PRIVATE_HOSTS',
    default: '',
    about: 'Private addresses, as `host:port` separated by commas, that connectors may call. All others are refused.',
  },
  {
    name: 'HANDOVER_ROLE',
    default: 'all',
    about:
      'What this process does: `api` answers questions and shows the dashboard, `worker` loads sources, `all` does both. `api` and `worker` need `DATABASE_URL`.',
  },
  {
    name: 'HANDOVER_URL',
    default: '',
    about:
      'Where the [command line](cli.md) finds the running server, for example `https://data.example.org`. Empty: on this machine, at `HANDOVER_PORT`.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '',
    about:
      'Where a collector of OpenTelemetry takes [traces](../guides/observe.md#traces) over HTTP, for example `http://collector.example.org:4318`; they go to `/v1/traces` below it. Empty: there are none.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    default: '',
    about: 'The whole address for traces, where it is another one. It goes before `OTEL_EXPORTER_OTLP_ENDPOINT`.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    default: '',
    about: 'Headers for the collector, for example `authorization=Bearer%20…,tenant=me`; values in percent form.',
    secret: true,
  },
  { name: 'OTEL_SERVICE_NAME', default: 'handover', about: 'The name of this service in traces.' },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    default: '1',
    about: 'Share of traces that is kept, from 0 to 1. A request that comes with a `traceparent` is kept when that says so.',
  },
  {
    name: 'HANDOVER_INTERNAL_API',
    default: '',
    about: 'Where the dashboard asks for data when it runs in a process of its own, as `npm run dev` does. The server sets it for itself.',
  },
  { name: 'MYSQL_VERSION', default: '9.7', about: 'The version of MySQL that `docker compose` starts: `8.4` or newer.' },
  { name: 'MONGO_VERSION', default: '8', about: 'The version of MongoDB that `docker compose` starts: `6` or newer.' },
]

/** The page `docs/reference/settings.md`, made from the list above. */
export function settingsPage(): string {
  const rows = SETTINGS.map(
    ({ name, default: value, about, secret }) => `| \`${name}\`${secret ? ' 🔒' : ''} | ${value && `\`${value}\``} | ${about} |`,
  )
  return `# Settings

Set them as environment variables, for example \`HANDOVER_PORT=8080 npm start\`. A relative folder starts where the command was typed.
A wrong value or an unknown name that starts with \`HANDOVER_\` stops the start with one line per fault and exit code 2; nothing falls back silently.

What is marked 🔒 may hold a password or a key. It may also be given as a file that holds it and nothing else: \`DATABASE_PASSWORD_FILE=/run/secrets/mysql\`.
An empty secret, a short one (under 8 characters) or one out of an example is refused, unless the server it is for is on this machine.

All of them stand in [\`.env.example\`](../../.env.example), ready to be copied to \`.env\`, which \`docker compose\` reads by itself.

| setting | default | what it does |
| --- | --- | --- |
${rows.join('\n')}
`
}

/** The file `.env.example`, made from the list above. */
export function envExample(): string {
  const entries = SETTINGS.map(({ name, default: value, about, secret }) => {
    const words = about.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')
    const file = secret ? `\n# ${name}_FILE=` : ''
    return `${wrapped(words)}\n# ${name}=${value}${file}\n`
  })
  return `# The settings of Handover. Copy this file to .env, which docker compose reads by itself, and take away the "# " before what you change.
# A secret may stand here, or in a file of its own that the line with _FILE names.
# Made by "npx handover docs" from server/src/app/settings.ts.

${entries.join('\n')}`
}

const LONGEST_LINE = 120

/** A comment of several lines, broken between words. */
function wrapped(text: string): string {
  const lines = ['#']
  for (const word of text.split(' ')) {
    if (lines.at(-1)!.length + 1 + word.length > LONGEST_LINE) lines.push('#')
    lines[lines.length - 1] += ` ${word}`
  }
  return lines.join('\n')
}

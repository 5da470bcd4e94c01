/** One setting of the server: the only list there is; start-up check, documentation and "did you mean" come from it. */
export interface SettingDefinition {
  readonly name: `HANDOVER_${string}` | 'DATABASE_URL' | 'MONGODB_URL'
  /** As a person would type it; empty when it is made from another setting. */
  readonly default: string
  readonly about: string
}

/** Every setting, in the order of the documentation. */
export const SETTINGS: readonly SettingDefinition[] = [
  {
    name: 'DATABASE_URL',
    default: '',
    about:
      'The MySQL server that holds all tables, for example `mysql://user:password@db.example.org:3306/handover`. Empty: a SQLite file in the data folder.',
  },
  {
    name: 'MONGODB_URL',
    default: '',
    about:
      'The MongoDB server that keeps the schedule, for example `mongodb://mongo.example.org:27017/handover`. Empty: it is kept beside the tables.',
  },
  { name: 'HANDOVER_PORT', default: '3000', about: 'Port of dashboard and API, 0 to 65535. 0 takes any free one.' },
  {
    name: 'HANDOVER_HOST',
    default: '127.0.0.1',
    about: 'Address to listen on. There are no accounts yet, so anything but a loopback address lets everybody in that network in.',
  },
  { name: 'HANDOVER_DATA', default: 'data', about: 'Folder for database and lake. Made when it is missing. Back up this one.' },
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
  { name: 'HANDOVER_LOG', default: 'warn', about: 'What is logged: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.' },
  {
    name: 'HANDOVER_SANDBOX',
    default: 'on',
    about: '`on` offers Apollo Sandbox, a page of apollographql.com, as a button at `/graphql`; `off` leaves only the built-in query box.',
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
    name: 'HANDOVER_INTERNAL_API',
    default: '',
    about: 'Where the dashboard asks for data when it runs in a process of its own, as `npm run dev` does. The server sets it for itself.',
  },
]

/** The page `docs/reference/settings.md`, made from the list above. */
export function settingsPage(): string {
  const rows = SETTINGS.map((setting) => `| \`${setting.name}\` | ${setting.default && `\`${setting.default}\``} | ${setting.about} |`)
  return `# Settings

Set them as environment variables, for example \`HANDOVER_PORT=8080 npm start\`. A relative folder starts where the command was typed.
A wrong value or an unknown name that starts with \`HANDOVER_\` stops the start with one line per fault and exit code 2; nothing falls back silently.

| setting | default | what it does |
| --- | --- | --- |
${rows.join('\n')}
`
}

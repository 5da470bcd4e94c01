import type { Call } from './call.ts'

/** One option of a command, as a person types it. */
export interface CommandOption {
  /** Without the dashes. */
  readonly name: string
  /** What stands after it, for example `<slug>`; null for one that is only there or not. */
  readonly value: string | null
  readonly about: string
  /** True when it may be typed several times. */
  readonly many?: boolean
}

/** One command of `handover`: help, checks of what was typed and the reference page come from it. */
export interface Command {
  /** One word, or two: `connector new`. */
  readonly name: string
  /** The word that may stand after the command; null when there is none. */
  readonly argument: { readonly name: string; readonly required: boolean } | null
  readonly about: string
  /** Sentences for the help of this command. */
  readonly details: readonly string[]
  readonly options: readonly CommandOption[]
  /** Does it and gives the exit code. null: `bin/handover.js` does it, because it must work before anything is built. */
  readonly run: ((call: Call) => Promise<number>) | null
}

const json: CommandOption = { name: 'json', value: null, about: 'Prints JSON and nothing else.' }
const folder: CommandOption = {
  name: 'in',
  value: '<folder>',
  about: 'Folder that holds the connector; the first of HANDOVER_CONNECTORS when left out.',
}
const settings: readonly CommandOption[] = [
  { name: 'config', value: '<file>', about: 'JSON file with the settings of the source.' },
  { name: 'set', value: '<name=value>', about: 'One setting; may be typed several times.', many: true },
]
const help: CommandOption = { name: 'help', value: null, about: 'Says what the command does.' }

/** Every command, in the order of help and documentation. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    argument: null,
    about: 'Builds what changed and runs the server, like `npm start`.',
    details: [],
    options: [help],
    run: null,
  },
  {
    name: 'sources',
    argument: { name: 'slug', required: false },
    about: 'Lists the sources: how they are, when they load, what they hold.',
    details: ['With the slug of a source: everything about that one and its datasets.'],
    options: [json, help],
    run: async (call) => (await import('./sources.ts')).sources(call),
  },
  {
    name: 'load',
    argument: { name: 'slug', required: true },
    about: 'Asks for a load of a source and follows it until it ends.',
    details: [
      'Prints the balance at the end. Ends with 1 when the load did not succeed.',
      'Ctrl-C stops following, with exit code 130; the load goes on.',
      'A load of the source that is there already is followed instead of a second one.',
    ],
    options: [{ name: 'no-wait', value: null, about: 'Only asks for the load, and does not follow it.' }, json, help],
    run: async (call) => (await import('./load.ts')).load(call),
  },
  {
    name: 'loads',
    argument: { name: 'id', required: false },
    about: 'Lists loads, newest first.',
    details: ['With the id of a load: that one with its balance and its log.'],
    options: [
      { name: 'source', value: '<slug>', about: 'Only those of this source.' },
      {
        name: 'state',
        value: '<states>',
        about: 'Only those in these states, separated by commas: queued, running, succeeded, failed, cancelled, held.',
      },
      { name: 'first', value: '<number>', about: 'How many, 1 to 1000; 20 when left out.' },
      json,
      help,
    ],
    run: async (call) => (await import('./loads.ts')).loads(call),
  },
  {
    name: 'notify',
    argument: null,
    about: 'Sends a test message to everybody who is told of sources, and says what the receivers answered.',
    details: ['Needs the settings of the server, not the server. Ends with 1 when one of them did not take it.'],
    options: [json, help],
    run: async (call) => (await import('./notify.ts')).notify(call),
  },
  {
    name: 'export',
    argument: { name: 'file', required: false },
    about: 'Prints all sources of the running server as one readable file without secrets, or writes it.',
    details: ['Settings, schedules and titles as YAML, to be kept in git; on top stands which secrets must be given where it is applied.'],
    options: [help],
    run: async (call) => (await import('./export.ts')).exportSources(call),
  },
  {
    name: 'pack',
    argument: { name: 'folder', required: false },
    about: 'Writes the handover pack: one dated document of all that runs here, as HTML and PDF.',
    details: [
      'It says what runs, why, from where, who owns it, what people know, and how to start again from nothing; never the value of a secret.',
      'What is missing in it, because nobody has written it down, is listed at the end.',
    ],
    options: [{ name: 'html', value: null, about: 'Only the HTML.' }, { name: 'pdf', value: null, about: 'Only the PDF.' }, help],
    run: async (call) => (await import('./pack.ts')).pack(call),
  },
  {
    name: 'apply',
    argument: { name: 'file', required: true },
    about: 'Makes the sources of the running server what a file of `export` says.',
    details: [
      'Makes what is missing, changes what differs, leaves the rest alone; a second time there is nothing to do. `-` reads the standard input.',
      'Secrets come from variables of the environment or a file; those that the server has are kept. Nothing is done before all that are needed are given.',
    ],
    options: [
      { name: 'dry-run', value: null, about: 'Only says what would be done.' },
      { name: 'secrets', value: '<file>', about: 'File with lines like NAME=value.' },
      { name: 'renew-secrets', value: null, about: 'Takes the given secrets also where the server has some already.' },
      { name: 'prune', value: null, about: 'Removes sources that are not in the file; their tables are kept.' },
      { name: 'yes', value: null, about: 'Removes them without asking.' },
      json,
      help,
    ],
    run: async (call) => (await import('./apply.ts')).apply(call),
  },
  {
    name: 'backup',
    argument: { name: 'file', required: false },
    about: 'Writes everything that was loaded into one archive, while the server runs or not.',
    details: [
      'All tables as they are at one moment, the raw files and pictures of the lake, and when sources load next.',
      'The file is a new one, here unless a folder is named; `-` writes to the standard output. Needs the settings of the server, not the server.',
      'Ends with 1 when the archive is whole, but files were missing in the lake.',
    ],
    options: [
      {
        name: 'with-key',
        value: null,
        about: 'Puts the key of stored passwords and tokens in as well: whoever has the archive can then read them.',
      },
      { name: 'with-files', value: null, about: 'Puts in the folder of files that connectors read from.' },
      json,
      help,
    ],
    run: async (call) => (await import('./backup.ts')).backup(call),
  },
  {
    name: 'restore',
    argument: { name: 'file', required: true },
    about: 'Puts an archive into an empty database and an empty data folder, of the same kind or the other.',
    details: [
      'Stop the server first. All of the archive is checked before anything is changed; `-` reads it from the standard input.',
      'One that was cut off is simply run again: until it is whole, no server starts on what is there.',
    ],
    options: [{ name: 'check', value: null, about: 'Only says whether the archive is whole, and what it holds.' }, json, help],
    run: async (call) => (await import('./restore.ts')).restore(call),
  },
  {
    name: 'prune',
    argument: null,
    about: 'Removes old raw pages from the lake of the running server, also such that replays would need.',
    details: [
      'Says first what would be lost, and asks for a word to be typed. Rows stay; their raw records cannot be shown any more.',
      'What loads go on with, and what is set aside, stays. Loads and logs are removed by the server itself, as HANDOVER_KEEP_LOADS and HANDOVER_KEEP_LOGS say.',
    ],
    options: [
      { name: 'older-than', value: '<days>', about: 'Age of the pages, for example 365d.' },
      { name: 'dry-run', value: null, about: 'Only says what would be lost.' },
      { name: 'yes', value: null, about: 'Does it without asking.' },
      json,
      help,
    ],
    run: async (call) => (await import('./prune.ts')).prune(call),
  },
  {
    name: 'reload',
    argument: null,
    about: 'Reloads the connectors of the running server, and of every other process on the same database, without a restart.',
    details: [
      'Prints which connectors were added, changed or removed, and why one cannot be used. Ends with 1 when there is such a one.',
      'A load that runs goes on with the connector it began with.',
      'The other processes follow within seconds. Connectors that did not change are not touched.',
    ],
    options: [json, help],
    run: async (call) => (await import('./reload.ts')).reload(call),
  },
  {
    name: 'doctor',
    argument: null,
    about: 'Looks for what keeps Handover from working well, and says what to do.',
    details: [
      'Works with and without a running server, and reads the same settings as the server. Ends with 1 when it finds a fault.',
      'Looks at Node, settings, data folder, disk, connectors, database, MongoDB and the server on its address.',
    ],
    options: [json, help],
    run: async (call) => (await import('./doctor.ts')).doctor(call),
  },
  {
    name: 'connector new',
    argument: { name: 'name', required: true },
    about: 'Makes the folder of a new connector that passes the conformance kit at once.',
    details: [
      'Asks for what is not given as an option. Columns and fixtures are made from the answer of an address, and a second page is asked for to see how the list goes on.',
      'A key in the address (?apikey=…) becomes a secret setting and is in none of the files.',
      'Writes index.ts, index.test.ts, readme.md and fixtures; never into a folder that is there.',
    ],
    options: [
      { name: 'title', value: '<text>', about: 'What people call the source.' },
      { name: 'url', value: '<address>', about: 'Where a JSON list of records comes from, or "not yet".' },
      { name: 'key', value: '<field>', about: 'The field that tells one record from another.' },
      { name: 'yes', value: null, about: 'Asks nothing and takes the usual answer for what is not given.' },
      folder,
      json,
      help,
    ],
    run: async (call) => (await import('./connector/new.ts')).connectorNew(call),
  },
  {
    name: 'connector try',
    argument: { name: 'name', required: true },
    about:
      'Runs a connector and shows what comes of it: settings, streams, records, rows, columns, what is set aside, what the dashboard draws.',
    details: [
      'Reads its fixtures, so it needs no network; with --live it asks the source. Needs no running server and no database, and keeps nothing.',
      'Says when an answer speaks of more than was read. Ends with 1 when the connector or its source fails; the streams that worked are shown.',
    ],
    options: [
      ...settings,
      { name: 'live', value: null, about: 'Asks the source instead of the fixtures.' },
      { name: 'stream', value: '<name>', about: 'Only this stream.' },
      {
        name: 'limit',
        value: '<number>',
        about: 'Rows shown of each dataset and, with --live, records asked of each stream: 1 to 1000; 10 when left out.',
      },
      folder,
      json,
      help,
    ],
    run: async (call) => (await import('./connector/try.ts')).connectorTry(call),
  },
  {
    name: 'connector record',
    argument: { name: 'name', required: true },
    about: 'Runs a connector against its source and keeps the answers as fixtures.',
    details: [
      'Secrets are replaced, and what flows into a column marked personal is replaced by made-up values of the same shape.',
      'Only headers that were looked at are kept. Lists are cut after some pages, and what was kept is played back to see that it is whole.',
      'Look the files through before they go into a repository: fields that no column reads stay as the source sent them.',
    ],
    options: [
      ...settings,
      { name: 'pages', value: '<number>', about: 'Pages of each stream at most, 1 to 100; 2 when left out.' },
      { name: 'records', value: '<number>', about: 'Records kept of each list; all when left out, 3 where each is asked for by itself.' },
      { name: 'force', value: null, about: 'Writes over fixtures that are there.' },
      folder,
      json,
      help,
    ],
    run: async (call) => (await import('./connector/record.ts')).connectorRecord(call),
  },
  {
    name: 'docs',
    argument: null,
    about: 'Writes the generated pages of `docs/reference` anew.',
    details: [],
    options: [help],
    run: null,
  },
]

/** How a command is typed: `handover load <slug>`. */
export function usageOf({ name, argument, options }: Command): string {
  const word = argument === null ? '' : argument.required ? ` <${argument.name}>` : ` [${argument.name}]`
  const all = options.map((option) => `[${dashed(option)}]`)
  return `handover ${name}${word} ${all.join(' ')}`
}

/** An option as it is typed: `--first <number>`. */
export const dashed = ({ name, value }: CommandOption): string => `--${name}${value === null ? '' : ` ${value}`}`

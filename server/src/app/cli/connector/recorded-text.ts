import { plain, type Terminal } from '../terminal.ts'
import { count } from '../words.ts'
import type { InstalledConnector } from './installed.ts'
import type { PersonalValues } from './personal-values.ts'
import type { Recording } from './recording.ts'

/** What was recorded. */
export interface Recorded {
  readonly installed: InstalledConnector
  /** Folder of the fixtures, from where the command was typed. */
  readonly place: string
  readonly files: readonly string[]
  readonly recording: Recording
  readonly personal: PersonalValues
  /** Settings for the test, with made-up secrets. */
  readonly config: Readonly<Record<string, unknown>>
  /** Sentences about what a person has to look at. */
  readonly problems: readonly string[]
}

const FIELDS_SHOWN = 20

/** What was recorded, as JSON. */
export const recordedJson = ({ installed, place, files, recording, personal, config, problems }: Recorded): unknown => ({
  ...{ connector: installed.name, folder: place, files, config },
  streams: streamsOf(recording),
  personalValues: personal.texts.size + personal.others.size,
  unreadFields: [...personal.unread],
  problems,
})

/** Prints what was recorded for a person. */
export function printRecorded(terminal: Terminal, { installed, place, files, recording, personal, config, problems }: Recorded): void {
  terminal.line(`Kept ${count(files.length, 'answer')} in ${place}: ${files.join(', ')}`)
  for (const { name, pages, records } of streamsOf(recording))
    terminal.line(`  Stream ${name}: ${count(records, 'record')} on ${count(pages, 'page')}, later loads included`)
  const secrets = [...installed.catalog.secrets(installed.name)].filter((name) => config[name] !== undefined)
  if (secrets.length > 0)
    terminal.line(`Replaced ${secrets.join(', ')}: the real ${secrets.length === 1 ? 'secret is' : 'secrets are'} not in the files.`)
  const values = personal.texts.size + personal.others.size
  if (values > 0) terminal.line(`Made up ${count(values, 'value')} that flow into columns marked personal.`)
  const unread = [...personal.unread].sort()
  if (unread.length > 0) {
    terminal.line(terminal.tone('careful', 'Look these through: no column reads them, and they stay as the source sent them.'))
    terminal.line(
      `  ${terminal.wrapped(plain(unread.slice(0, FIELDS_SHOWN).join(', ') + (unread.length > FIELDS_SHOWN ? ` and ${unread.length - FIELDS_SHOWN} more` : '')), 2)}`,
    )
  }
  for (const problem of problems) terminal.line(terminal.tone('bad', plain(problem)))
  terminal.line('\nIn index.test.ts:')
  terminal.line(`  fixtures: \`\${import.meta.dirname}/fixtures\`,`)
  terminal.line(`  configs: { recorded: ${plain(JSON.stringify(config))} },`)
}

/** Counts of each stream, over all of its partitions. */
const streamsOf = ({ pieces }: Recording): { name: string; pages: number; records: number }[] =>
  [...new Set(pieces.map(({ name }) => name))].map((stream) => {
    const pages = pieces.filter(({ name }) => name === stream).flatMap((piece) => piece.pages)
    return { name: stream, pages: pages.length, records: pages.reduce((sum, page) => sum + page.records.length, 0) }
  })

import type { Note } from '../notes/notes.service.ts'
import { count, number } from '../shared/words.ts'
import { gap, heading, list, table, text, type Block, type PackDocument } from './document.ts'
import type { PackDataset, PackFacts, PackSource } from './pack-facts.ts'

/** The minute in UTC, which is the same for everybody: "2026-11-26 09:00 UTC". */
const minute = (at: Date | null): string => (at === null ? '' : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`)

/** Writes the pack: first for everybody, then source by source, then for whoever has to start again. */
export function packDocument(facts: PackFacts): PackDocument {
  const { place, madeAt, sources } = facts
  const blocks = [
    ...summary(facts),
    ...sources.flatMap(sourceBlocks),
    ...secretBlocks(sources),
    ...loadBlocks(facts),
    ...placeBlocks(facts),
    ...startBlocks(facts),
  ]
  return {
    title: 'Handover pack',
    subtitle: `${place.address}, Handover ${place.version}, as it was on ${minute(madeAt)}`,
    blocks,
    gaps: sources.flatMap(gapsOf),
  }
}

function summary({ sources }: PackFacts): Block[] {
  const needs = sources.filter(({ overview }) => ['FAILED', 'HELD', 'LATE', 'SET_ASIDE'].includes(overview.state.state))
  const rows = sources.flatMap(({ datasets }) => datasets).reduce((sum, dataset) => sum + dataset.rows, 0)
  const state = needs.length === 0 ? 'None of them needs anybody.' : `${count(needs.length, 'of them needs', 'of them need')} somebody.`
  return [
    heading(2, 'In short'),
    text(
      `This document says what runs here, why, from where, and how to start it again from nothing. There are ${count(sources.length, 'source')} with ${count(rows, 'row')} in ${count(sources.flatMap(({ datasets }) => datasets).length, 'table')}. ${state}`,
    ),
    list(sources.map(({ overview: { state: now } }) => now.text)),
    text('It holds no password and no token. What people wrote down stands with the source that it is about.'),
  ]
}

const startsWith = (notes: readonly Note[], word: string): string | null =>
  notes.find(({ text: words }) => new RegExp(`^${word}:`, 'i').test(words))?.text.replace(/^\w+:\s*/, '') ?? null
const ownerOf = ({ notes }: PackSource): string | null => startsWith(notes, 'owner')

function gapsOf(source: PackSource): string[] {
  const { title } = source.overview.source
  return [
    ...(ownerOf(source) === null ? [`${title}: nobody is named as its owner. Leave a note on it that begins with "Owner:".`] : []),
    ...(startsWith(source.notes, 'why') === null
      ? [`${title}: nobody has written why it is here. Leave a note that begins with "Why:".`]
      : []),
  ]
}

function sourceBlocks(source: PackSource): Block[] {
  const { overview, about, connector, provider, schedule, settings, notes, datasets } = source
  const {
    source: { title, slug },
    state,
    lastSuccess,
  } = overview
  const [owner, why] = [ownerOf(source), startsWith(notes, 'why')]
  const others = notes.filter(({ text: words }) => !/^(owner|why):/i.test(words))
  const reasons = datasets.flatMap(({ table: { shape }, reasons: each }) => each.map((reason) => `${shape.title}: set aside, ${reason}`))
  return [
    heading(2, title),
    text(`${about} ${state.text}`),
    table(
      ['what', 'is'],
      [
        ['short name', slug],
        ['why it is here', why ?? 'nobody has written it down'],
        ['who owns it', owner ?? 'nobody is named'],
        ['connector', connector],
        ['whose data', provider ?? 'nobody else’s'],
        ['when', schedule],
        ['last success', minute(lastSuccess?.finishedAt ?? null) || 'none yet'],
        ...settings.map(([name, value]): [string, string] => [`setting ${name}`, value]),
      ],
    ),
    ...(owner === null || why === null ? [gap(gapsOf(source).join(' '))] : []),
    ...(others.length > 0 ? [heading(3, 'What people know'), list(others.map(noteWords))] : []),
    ...(reasons.length > 0 ? [heading(3, 'What does not fit'), list(reasons)] : []),
    ...datasets.flatMap(datasetBlocks),
  ]
}

const noteWords = ({ text: words, by, at, dataset, column, loadId }: Note): string => {
  const about = [dataset, column, loadId === null ? null : 'a load'].filter((part) => part !== null).join(', ')
  return `${about === '' ? '' : `${about}: `}${words} (${by ? `${by}, ` : ''}${at.toISOString().slice(0, 10)})`
}

function datasetBlocks({ table: { name, shape }, rows, steps }: PackDataset): Block[] {
  const personal = shape.columns.filter((column) => column.personal).map((column) => column.name)
  return [
    heading(3, shape.title),
    text(
      `${shape.about} Table ${name}, ${shape.load}, ${shape.key.length > 0 ? `told apart by ${shape.key.join(', ')}` : 'rows are only added'}, ${count(rows, 'row')}.`,
    ),
    {
      kind: 'flow',
      steps: steps.map(({ title, number: figure, counts }) => ({
        title,
        figure: figure === null ? null : number(figure),
        counts: counts ?? '',
      })),
    },
    list(steps.map(({ title, plain }) => `${title}. ${plain}`)),
    table(
      ['column', 'kind', 'meaning'],
      shape.columns.map((column) => [
        column.name,
        `${column.kind}${column.unit ? `, ${column.unit}` : ''}${column.personal ? ', personal' : ''}`,
        column.about,
      ]),
    ),
    ...(personal.length > 0 ? [text(`About a person: ${personal.join(', ')}.`)] : []),
  ]
}

function secretBlocks(sources: readonly PackSource[]): Block[] {
  const rows = sources.flatMap((source) =>
    source.secrets.map((name) => [source.overview.source.title, name, ownerOf(source) ?? 'nobody is named']),
  )
  return [
    heading(2, 'Passwords and tokens'),
    ...(rows.length === 0
      ? [text('No source keeps one.')]
      : [
          text('Their values are sealed and stand nowhere in this document. Whoever owns the source has them, or can ask for new ones.'),
          table(['source', 'setting', 'who to ask'], rows),
        ]),
  ]
}

function loadBlocks({ loads, words }: PackFacts): Block[] {
  return [
    heading(2, `The last ${count(loads.length, 'load')}`),
    ...(loads.length === 0
      ? [text('Nothing was loaded yet.')]
      : [
          table(
            ['when', 'source', 'how it ended', 'what changed'],
            loads.map((load) => [
              minute(load.startedAt ?? load.queuedAt),
              load.slug,
              load.state,
              load.errorMessage ?? (words.get(load.id) ?? []).join(' '),
            ]),
          ),
        ]),
  ]
}

function placeBlocks({ place }: PackFacts): Block[] {
  return [
    heading(2, 'Where everything is'),
    table(
      ['what', 'where'],
      [
        ['address', place.address],
        ['version', `Handover ${place.version}`],
        ['all tables', place.database],
        ['when what is loaded', place.schedule],
        ['raw answers, pictures, own files, key', place.dataFolder],
        ['who is told when a source needs somebody', place.told.length > 0 ? place.told.join(', ') : 'nobody: set HANDOVER_NOTIFY_EMAIL'],
      ],
    ),
    ...(place.settings.length === 0
      ? [text('All settings are as they are by default.')]
      : [
          text('Settings that are other than by default:'),
          table(
            ['setting', 'value'],
            place.settings.map(({ name, value }) => [name, value ?? 'given, and not shown']),
          ),
        ]),
  ]
}

/** Commands that a person types in turn; nothing but these and a backup is needed. */
function startBlocks({ place, sources }: PackFacts): Block[] {
  const tables = sources.flatMap(({ overview, datasets }) =>
    datasets.map(({ table: { name }, rows }) => [overview.source.slug, name, number(rows)]),
  )
  const own = place.settings.filter(({ name }) => name !== 'HANDOVER_DATA' && name !== 'HANDOVER_PORT')
  return [
    heading(2, 'Start again from nothing'),
    text(
      `On another computer, with a backup that was made by "npx handover backup --with-key --with-files". Without --with-key, put the file secret.key of ${place.dataFolder} into the new data folder before the last step, else passwords of sources have to be typed in again.`,
    ),
    {
      kind: 'steps',
      items: [
        { text: `Get the code of version ${place.version} from where your company keeps it, and go into its folder.`, code: null },
        { text: 'Install what it needs. Node comes along.', code: 'npm ci' },
        ...(place.embedded
          ? []
          : [{ text: 'Say where the new, empty databases are; the passwords are yours.', code: 'export DATABASE_URL=… MONGODB_URL=…' }]),
        ...(own.length > 0 && place.embedded
          ? [{ text: `Set what was set here, as the table above has it: ${own.map(({ name }) => name).join(', ')}.`, code: null }]
          : []),
        { text: 'Say where the backup is.', code: 'export BACKUP=/path/to/handover-backup.tar' },
        { text: 'See that the backup is whole.', code: 'npx handover restore --check "$BACKUP"' },
        { text: 'Put it back.', code: 'npx handover restore "$BACKUP"' },
        { text: 'Look whether anything is missing.', code: 'npx handover doctor' },
        { text: 'Start it. It prints its address.', code: 'npm start' },
      ],
    },
    text(`It is right when the tables have at least these rows; loads since the backup was made may have changed them.`),
    table(['source', 'table', 'rows'], tables, 'rows-to-find'),
  ]
}

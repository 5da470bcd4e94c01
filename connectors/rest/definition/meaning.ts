import { columnAbove, PARTITION, placesIn } from '../placeholders.ts'
import { nearest, notKnown } from './nearest.ts'
import type { Definition, StreamDefinition } from './schema.ts'

/** A mistake, and where it stands. */
export interface Mistake {
  readonly path: readonly PropertyKey[]
  /** A sentence without full stop. */
  readonly message: string
  /** True when it is about the name itself, not about what stands behind it. */
  readonly isName?: boolean
  readonly isMissing?: boolean
}

/** What the schema cannot see: names that lead nowhere, and parts that do not go together. */
export function meaningFaults({ url, streams }: Definition): Mistake[] {
  const faults: Mistake[] = []
  if (/[?#]/.test(url))
    faults.push({ path: ['url'], message: 'must end before the question mark; write the values under query of a stream' })
  faults.push(...twins(Object.keys(streams), ['streams']))
  for (const [name, stream] of Object.entries(streams)) {
    const found = [
      ...addressFaults(stream),
      ...parentFaults(name, streams),
      ...partitionFaults(stream),
      ...cursorFaults(stream),
      ...keyFaults(stream),
      ...columnFaults(stream),
    ]
    faults.push(...found.map((fault) => ({ ...fault, path: ['streams', name, ...fault.path] })))
  }
  return faults
}

/** Databases take `Id` and `id` for the same. */
function twins(names: readonly string[], path: readonly string[]): Mistake[] {
  const seen = new Map<string, string>()
  return names.flatMap((name) => {
    const twin = seen.get(name.toLowerCase())
    seen.set(name.toLowerCase(), name)
    return twin === undefined
      ? []
      : [{ path: [...path, name], isName: true, message: `“${twin}” and “${name}” differ only in capitals; choose another name` }]
  })
}

const isOfParent = (place: string): boolean => place !== PARTITION && columnAbove(place) !== null

/** Every text of a stream that may have places in braces, and where it stands. */
const textsOf = ({ path, query = {} }: StreamDefinition): { readonly path: string[]; readonly text: string }[] => [
  { path: ['path'], text: path },
  ...Object.entries(query).map(([name, value]) => ({ path: ['query', name], text: String(value) })),
]

const hasPlace = (stream: StreamDefinition, is: (place: string) => boolean): boolean =>
  textsOf(stream).some(({ text }) => placesIn(text).some(is))

function addressFaults(stream: StreamDefinition): Mistake[] {
  const faults: Mistake[] = []
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(stream.path))
    faults.push({ path: ['path'], message: 'must begin with /, because the address of the API stands above' })
  if (stream.path.includes('?')) faults.push({ path: ['path'], message: 'must end before the question mark; write the values under query' })
  const known = [
    ...(stream.cursor ? ['cursor'] : []),
    ...(stream.parent ? ['parent.id'] : []),
    ...(stream.partitions ? [PARTITION] : []),
    'now',
  ]
  for (const { path, text } of textsOf(stream)) {
    for (const place of placesIn(text)) {
      if (place === 'now' || place === 'cursor' || columnAbove(place) !== null) continue
      const meant = nearest(place, known)
      const names = known.map((name) => `{${name}}`).join(', ')
      faults.push({
        path,
        message: `{${place}} is nothing that can be filled in. ${meant ? `Did you mean {${meant}}? ` : ''}Known here are: ${names}`,
      })
    }
  }
  return faults
}

function parentFaults(name: string, streams: Definition['streams']): Mistake[] {
  const stream = streams[name]!
  if (stream.parent === undefined) {
    return textsOf(stream)
      .filter(({ text }) => placesIn(text).some(isOfParent))
      .map(({ path }) => ({ path, message: 'asks for a parent, but this stream has none; write parent: and the name of a stream' }))
  }
  const parent = streams[stream.parent]
  if (parent === undefined)
    return [
      {
        path: ['parent'],
        message: `There is no stream “${stream.parent}”. ${notKnown(
          stream.parent,
          Object.keys(streams).filter((each) => each !== name),
        )
          .split('. ')
          .slice(1)
          .join('. ')}`,
      },
    ]
  if (parent.load === 'append')
    return [
      {
        path: ['parent'],
        message: `The rows of ${stream.parent} have no key to be asked for by, because it is loaded with append; load it with merge or replace`,
      },
    ]
  for (let at: string | undefined = stream.parent, steps = 0; at !== undefined && steps++ < 100; at = streams[at]?.parent)
    if (at === name) return [{ path: ['parent'], message: 'leads back to this stream, so it would never begin' }]
  // A place that is mistyped is told of by itself.
  if (!hasPlace(stream, (place) => place !== 'cursor' && place !== 'now'))
    return [
      {
        path: ['parent'],
        message: `asks the same for every row of ${stream.parent}; put {parent.id}, or another of its columns, into path or query`,
      },
    ]
  return []
}

function partitionFaults(stream: StreamDefinition): Mistake[] {
  const { partitions, parent } = stream
  if (partitions === undefined) {
    return textsOf(stream)
      .filter(({ text }) => placesIn(text).includes(PARTITION))
      .map(({ path }) => ({ path, message: '{partition} needs values to take; write partitions: [ … ]' }))
  }
  if (parent !== undefined) return [{ path: ['partitions'], message: 'goes without parent, whose rows are the parts' }]
  const twice = partitions.findIndex((value, index) => partitions.findIndex((each) => String(each) === String(value)) < index)
  if (twice !== -1) return [{ path: ['partitions', twice], message: `“${String(partitions[twice])}” stands there twice` }]
  // A place that is mistyped is told of by itself.
  if (!hasPlace(stream, (place) => place !== 'cursor' && place !== 'now'))
    return [{ path: ['partitions'], message: 'asks the same for each of them; put {partition} into path or query' }]
  return []
}

function cursorFaults(stream: StreamDefinition): Mistake[] {
  const asked = textsOf(stream).find(({ text }) => placesIn(text).includes('cursor'))
  if (stream.cursor === undefined)
    return asked
      ? [{ path: asked.path, message: '{cursor} needs a cursor: which field grows with every change? Write cursor: { field: … }' }]
      : []
  if (stream.load === 'replace')
    return [{ path: ['cursor'], message: 'goes with load: merge or append; a replace reads everything each time' }]
  if (asked === undefined)
    return [{ path: ['cursor'], message: 'is asked for nowhere; put {cursor} into query, such as since: "{cursor}"' }]
  if (asked.path[0] === 'path' && stream.cursor.start === undefined)
    return [{ path: ['cursor'], message: 'needs a start, because {cursor} stands in the path and the first load has none yet' }]
  return []
}

function keyFaults({ key, load, columns = {}, otherColumns }: StreamDefinition): Mistake[] {
  if (key !== undefined && load === 'append') return [{ path: ['key'], message: 'is not for append, where every record adds a row' }]
  if (otherColumns !== false || key === undefined) return []
  return key.flatMap((name, index) =>
    Object.hasOwn(columns, name) ? [] : [{ path: ['key', index], message: notKnown(name, Object.keys(columns)) }],
  )
}

function columnFaults({ columns = {}, otherColumns, parent, partitions }: StreamDefinition): Mistake[] {
  const faults = twins(Object.keys(columns), ['columns'])
  if (otherColumns === false && Object.values(columns).every((column) => column?.leaveOut === true))
    faults.push({ path: ['otherColumns'], message: 'leaves no column: name some under columns' })
  for (const [name, column] of Object.entries(columns)) {
    const [place] = placesIn(column?.path ?? '')
    if (place === undefined) continue
    const whole = `{${place}}` === column!.path!.replace(/\s/g, '')
    if (columnAbove(place) === null || !whole)
      faults.push({ path: ['columns', name, 'path'], message: 'can be a place in the record, or {parent.id} as a whole' })
    else if ((place === PARTITION ? partitions : parent) === undefined)
      faults.push({
        path: ['columns', name, 'path'],
        message: `asks for ${place === PARTITION ? 'partitions' : 'a parent'}, but this stream has none`,
      })
  }
  return faults
}

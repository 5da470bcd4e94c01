import { type Import, importsOf, sourceFiles, usesOf } from './imports.ts'

const FEATURES = [
  'catalog',
  'sources',
  'schedule',
  'loads',
  'lake',
  'warehouse',
  'data-api',
  'backup',
  'notify',
  'notes',
  'explain',
  'pack',
  'access',
]

/** `server/src/loads/lease.ts` → `loads`; null outside the server's source. */
const serverRoom = (path: string) => /^server\/src\/([^/]+)\//.exec(path)?.[1] ?? null
const featureOf = (path: string) => FEATURES.find((feature) => feature === serverRoom(path)) ?? null
const connectorOf = (path: string) => /^connectors\/([^/]+)/.exec(path)?.[1] ?? null
const isTest = (path: string) => /\.test\.ts$|\/testing\//.test(path) || path.startsWith('server/test/')
const isPackage = (path: string, name: string) => path === name || path.startsWith(`${name}/`)

/** The directions of the house. Each sentence is printed when an import breaks it. */
const LAWS: { readonly sentence: string; readonly breaks: (link: Import) => boolean }[] = [
  {
    sentence: 'The sdk imports nothing of ours.',
    breaks: ({ from, to }) =>
      connectorOf(from) === 'sdk' && (/^(server|client)(\/|$)/.test(to) || ![null, 'sdk'].includes(connectorOf(to))),
  },
  {
    sentence: 'A connector imports the sdk only: never another connector, the server or the client.',
    breaks: ({ from, to }) => {
      const connector = connectorOf(from)
      if (connector === null || connector === 'sdk') return false
      return /^(server|client)(\/|$)/.test(to) || ![null, 'sdk', connector].includes(connectorOf(to))
    },
  },
  {
    sentence: 'The server reaches connectors through the catalog, and by name it knows the sdk only.',
    breaks: ({ from, to }) => from.startsWith('server/src/') && !isTest(from) && ![null, 'sdk'].includes(connectorOf(to)),
  },
  {
    sentence: 'The sdk is imported as @handover/sdk, not through its files.',
    breaks: ({ from, to }) =>
      connectorOf(from) !== 'sdk' && connectorOf(to) === 'sdk' && !/^connectors\/sdk(\/(host|infer|testing))?$/.test(to),
  },
  {
    sentence: 'Client and server know each other over HTTP only.',
    breaks: ({ from, to }) =>
      (from.startsWith('client/') && /^(server|connectors)(\/|$)/.test(to)) || (from.startsWith('server/src/') && /^client(\/|$)/.test(to)),
  },
  {
    sentence: 'A feature imports another feature only through its *.service.ts, and its GraphQL types through its *.types.ts.',
    breaks: ({ from, to }) => {
      if (isTest(from) || featureOf(from) === null) return false
      return featureOf(to) !== null && featureOf(to) !== featureOf(from) && !/\.(service|types)\.ts$/.test(to)
    },
  },
  { sentence: 'Nobody imports app.', breaks: ({ from, to }) => serverRoom(to) === 'app' && serverRoom(from) !== 'app' && !isTest(from) },
  { sentence: 'shared imports no feature.', breaks: ({ from, to }) => serverRoom(from) === 'shared' && featureOf(to) !== null },
  { sentence: 'Only schedule knows Agenda.', breaks: ({ from, to }) => isPackage(to, 'agenda') && serverRoom(from) !== 'schedule' },
  {
    sentence: 'Only schedule knows MongoDB.',
    breaks: ({ from, to }) =>
      (isPackage(to, 'mongodb') || isPackage(to, '@agendajs/mongo-backend')) && serverRoom(from) !== 'schedule' && !isTest(from),
  },
  {
    sentence: 'Only warehouse/mysql knows the driver of MySQL.',
    breaks: ({ from, to }) => isPackage(to, 'mysql2') && !from.startsWith('server/src/warehouse/mysql/') && !isTest(from),
  },
  {
    sentence: 'Only client/src/lib/charts knows LayerChart.',
    breaks: ({ from, to }) => isPackage(to, 'layerchart') && !from.startsWith('client/src/lib/charts/'),
  },
]

/** Every broken direction as one sentence for the person who made it; empty when the house is in order. */
export function brokenSentences(root: string): string[] {
  const files = sourceFiles(root)
  const links = files.flatMap((file) => importsOf(root, file))
  const broken = links.flatMap((link) =>
    LAWS.filter((law) => law.breaks(link)).map((law) => `${link.from} imports ${link.to}: ${law.sentence}`),
  )
  return [...new Set(broken), ...bothWays(links), ...files.flatMap((file) => misused(root, file))]
}

/** Pairs of server rooms that import each other. */
function bothWays(links: readonly Import[]): string[] {
  const seen = new Map<string, Import>()
  for (const link of links) {
    const [from, to] = [serverRoom(link.from), serverRoom(link.to)]
    if (from && to && from !== to && !isTest(link.from)) seen.set(`${from} ${to}`, link)
  }
  return [...seen].flatMap(([pair, there]) => {
    const back = seen.get(pair.split(' ').reverse().join(' '))
    if (!back || there.from > back.from) return []
    return [`${there.from} imports ${there.to} and ${back.from} imports ${back.to}: Folder pairs never import each other both ways.`]
  })
}

function misused(root: string, file: string): string[] {
  if (!file.startsWith('server/src/') || isTest(file)) return []
  const uses = usesOf(root, file)
  const inApp = serverRoom(file) === 'app'
  const faults: string[] = []
  if ((uses.environment && !inApp) || (uses.readsEnvironment && file !== 'server/src/app/config.ts'))
    faults.push(`${file} reads process.env: Only server/src/app/config.ts reads the environment.`)
  if (uses.console && !inApp) faults.push(`${file} uses console: The server logs through the logger it is given.`)
  return faults
}

import { createHash } from 'node:crypto'
import { grouped, helpPath, targetOf, type HelpGroup } from '../help/pages.ts'
import { renderPage, type HelpPage, type Places } from '../help/render.ts'
import { searchHelp, type Hit } from '../help/search.ts'

const ROOT = '../../../../docs/'
const texts = import.meta.glob<string>('../../../../docs/**/*.md', { query: '?raw', import: 'default', eager: true })
const pictures = import.meta.glob<string>(['../../../../docs/pictures/**/*.{png,svg}', '../../../../docs/**/*.pdf'], {
  query: '?url',
  import: 'default',
  eager: true,
})

/** File of every page by its path in Help. */
const files = new Map(Object.keys(texts).map((key) => [helpPath(key.slice(ROOT.length)), key.slice(ROOT.length)]))
const made = new Map<string, HelpPage>()
let groups: HelpGroup[] | null = null

const pictureOf = (file: string): string | null => pictures[`${ROOT}${file}`] ?? null

const placesOf = (from: string): Places => ({
  link(href) {
    const target = targetOf(from, href)
    if (target === null) return null
    const path = helpPath(target.file.replace(/\/$/, ''))
    const hash = target.anchor === '' ? '' : `#${target.anchor}`
    if (files.has(path)) return path === '' ? `/help${hash}` : `/help/${path}${hash}`
    return target.file.endsWith('/') ? `/help#${target.file.slice(0, -1)}` : pictureOf(target.file)
  },
  picture(href) {
    const target = targetOf(from, href)
    return target === null ? null : pictureOf(target.file)
  },
  diagram(source) {
    const name = createHash('sha256').update(source.trim()).digest('hex').slice(0, 12)
    const [light, dark] = ['light', 'dark'].map((look) => pictureOf(`pictures/diagrams/${name}-${look}.svg`))
    return light && dark ? { light, dark } : null
  },
})

/** A page by its path in Help; null when there is none. Made once. */
export function helpPage(path: string): HelpPage | null {
  const file = files.get(path)
  if (file === undefined) return null
  const known = made.get(path)
  if (known) return known
  const page = renderPage(texts[`${ROOT}${file}`]!, placesOf(file))
  made.set(path, page)
  return page
}

const all = () => [...files.keys()].map((path) => ({ path, ...helpPage(path)! }))

/** All pages by group, for the list beside them. */
export const helpGroups = (): HelpGroup[] => (groups ??= grouped(all().map(({ path, title }) => ({ path, title }))))

/** What a search finds in all pages. */
export const findHelp = (search: string): Hit[] => searchHelp(all(), search)

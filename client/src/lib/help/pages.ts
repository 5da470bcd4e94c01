/** A group of pages in the list beside them. */
export interface HelpGroup {
  title: string
  pages: { path: string; title: string }[]
}

/** The groups, with what the paths of their pages begin with. Whatever fits nowhere else comes last. */
const GROUPS: readonly (readonly [title: string, begins: readonly string[]])[] = [
  ['For the product owner', ['product-owner/', 'handover/', 'exploration/']],
  ['For the technical person', ['technical/']],
  ['How to', ['guides/']],
  ['Looking things up', ['reference/']],
  ['Why it is like this', ['decisions/']],
  ['More', ['']],
]

/** Path of a page in Help: `guides/deploy.md` → `guides/deploy`, `technical/readme.md` → `technical`. */
export const helpPath = (file: string): string => file.replace(/\.md$/, '').replace(/(^|\/)readme$/, '')

/** Pages by group, the way in of each folder first, then by title. */
export function grouped(pages: readonly { path: string; title: string }[]): HelpGroup[] {
  const left = new Set(pages.filter(({ path }) => path !== ''))
  return GROUPS.flatMap(([title, begins]) => {
    const own = [...left].filter(({ path }) => begins.some((start) => `${path}/`.startsWith(start)))
    for (const page of own) left.delete(page)
    const sorted = own.toSorted(
      (a, b) => order(a.path, begins) - order(b.path, begins) || (isNumbered(a.path) ? compare(a.path, b.path) : compare(a.title, b.title)),
    )
    return sorted.length > 0 ? [{ title, pages: sorted }] : []
  })
}

const order = (path: string, begins: readonly string[]): number => {
  const folder = begins.findIndex((start) => `${path}/`.startsWith(start))
  return folder * 3 + (`${path}/` === begins[folder] ? 0 : path.split('/').length > 2 ? 2 : 1)
}
const isNumbered = (path: string): boolean => /\/\d{4}-/.test(path)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Path of what a link of a page leads to, from the top of the docs, with its anchor; null when it leads out of them. */
export function targetOf(from: string, href: string): { file: string; anchor: string } | null {
  const [path = '', anchor = ''] = href.split('#')
  if (path === '') return { file: from, anchor }
  const parts = from.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return null
      parts.pop()
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  const file = parts.join('/')
  return { file: path.endsWith('/') && file !== '' ? `${file}/` : file, anchor }
}

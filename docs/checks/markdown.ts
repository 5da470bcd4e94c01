import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** All pages of the repository, as paths from its top. */
export function pages(root: string): string[] {
  const outside = /(^|\/)(node_modules|dist|build|fixtures)\//
  return globSync(['*.md', '{docs,server,client,connectors}/**/*.md'], { cwd: root })
    .filter((page) => !outside.test(page))
    .sort()
}

const withoutCode = (text: string) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')

/** Anchors that GitHub gives to the headings of a page, doubles numbered. */
export function anchors(text: string): Set<string> {
  const found = new Set<string>()
  const seen = new Map<string, number>()
  for (const [, title] of text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const plain = title!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = plain.replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    found.add(count === 0 ? slug : `${slug}-${count}`)
  }
  return found
}

/** Links and pictures of one page that lead nowhere, each as a sentence. Addresses of other hosts are not asked. */
export function brokenLinks(root: string, page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const markdown = [...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map((match) => match[1]!)
  const html = [...withoutCode(text).matchAll(/<(?:img|a|source)[^>]*? (?:src|href|srcset)="([^"]+)"/g)].map((match) => match[1]!)
  return [...markdown, ...html].flatMap((link) => {
    const fault = /^[a-z]+:/.test(link) ? null : faultOf(root, page, decodeURI(link))
    return fault ? [`${page} links to ${link}: ${fault}`] : []
  })
}

function faultOf(root: string, page: string, link: string): string | null {
  const [path, anchor] = link.split('#')
  const target = path === '' ? join(root, page) : join(root, dirname(page), path!)
  if (!existsSync(target)) return 'there is no such file.'
  if (anchor === undefined) return null
  if (statSync(target).isDirectory() || !target.endsWith('.md')) return 'only pages have headings.'
  return anchors(readFileSync(target, 'utf8')).has(anchor) ? null : 'the page has no such heading.'
}

// Draws every Mermaid diagram of the docs as pictures for light and dark, so that Help and the static site need no program for it in the browser.
// Usage: node scripts/node.mjs scripts/diagrams.mjs
// Mermaid itself is fetched from the package registry into .cache the first time; it is not installed with the product.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openChromium } from './product.mjs'
import { root } from './tools.mjs'

const MERMAID = '12.3.0'
const SHA512 = '4113TdXeLAsMruJ79OpFL5O8+LTFXhQqZ260rF3tgUmiNAtRm4Uume04I+65PRN6yZ69J4f8rVYWW8zRk65UYw=='
const target = join(root, 'docs/pictures/diagrams')
const FONT = 'system-ui, sans-serif'
/** The tokens of client/src/lib/styles, as colours that Mermaid can read. */
const LOOKS = {
  light: {
    background: '#fcfefe',
    primaryColor: '#eef3f5',
    primaryTextColor: '#182832',
    primaryBorderColor: '#1f6685',
    lineColor: '#5c6b74',
    text: '#3c4c56',
    soft: '#e2eef3',
  },
  dark: {
    background: '#151d22',
    primaryColor: '#1d272d',
    primaryTextColor: '#e9eef0',
    primaryBorderColor: '#7cc6e0',
    lineColor: '#98a6ae',
    text: '#bcc7cc',
    soft: '#1c3440',
  },
}

/** All diagrams of the docs, each once. */
export function diagrams() {
  const texts = globSync('docs/**/*.md', { cwd: root }).map((page) => readFileSync(join(root, page), 'utf8'))
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/^```mermaid\n([\s\S]*?)^```/gm)].map(([, source]) => source.trim())))]
}

/** The pictures of a diagram are called by what it says: a stale one cannot be shown. */
export const nameOf = (source) => createHash('sha256').update(source).digest('hex').slice(0, 12)

function fetchMermaid() {
  const folder = join(root, '.cache/mermaid')
  const file = join(folder, 'package/dist/mermaid.min.js')
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const archive = execFileSync('npm', ['pack', `mermaid@${MERMAID}`, '--pack-destination', folder], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1)
  const path = join(folder, archive)
  if (createHash('sha512').update(readFileSync(path)).digest('base64') !== SHA512)
    throw new Error('The package of Mermaid is not the one that is pinned.')
  execFileSync('tar', ['xzf', path, '-C', folder])
  rmSync(path)
  return file
}

async function draw(page, source, look) {
  const { text, soft, ...colours } = LOOKS[look]
  const themeVariables = {
    ...{ ...colours, fontFamily: FONT, fontSize: '15px', textColor: text, edgeLabelBackground: colours.background },
    ...{ secondaryColor: soft, tertiaryColor: soft, clusterBkg: colours.background, clusterBorder: colours.lineColor, noteBkgColor: soft },
    ...{
      noteTextColor: text,
      actorBkg: colours.primaryColor,
      signalTextColor: text,
      sequenceNumberColor: colours.background,
      labelTextColor: text,
      attributeBackgroundColorOdd: colours.background,
    },
  }
  return page.evaluate(
    async ({ source, themeVariables, id }) => {
      globalThis.mermaid.initialize({
        startOnLoad: false,
        theme: 'base',
        securityLevel: 'loose',
        themeVariables,
        flowchart: { useMaxWidth: false },
        sequence: { useMaxWidth: false },
        state: { useMaxWidth: false },
        er: { useMaxWidth: false },
      })
      return (await globalThis.mermaid.render(id, source)).svg
    },
    { source, themeVariables, id: `d${nameOf(source)}${look}` },
  )
}

/** A picture stands alone: it needs its size, and tags of HTML in it that close. */
const standalone = (svg) => svg.replaceAll('<br>', '<br/>')

if (import.meta.main) {
  mkdirSync(target, { recursive: true })
  const wanted = diagrams().flatMap((source) => Object.keys(LOOKS).map((look) => ({ source, look, file: `${nameOf(source)}-${look}.svg` })))
  for (const file of readdirSync(target)) if (!wanted.some((each) => each.file === file)) rmSync(join(target, file))
  const missing = wanted.filter(({ file }) => !existsSync(join(target, file)))
  if (missing.length > 0) {
    const browser = await openChromium()
    try {
      const page = await browser.newPage()
      await page.setContent('<!doctype html><body></body>')
      await page.addScriptTag({ path: fetchMermaid() })
      for (const { source, look, file } of missing) writeFileSync(join(target, file), standalone(await draw(page, source, look)))
    } finally {
      await browser.close()
    }
  }
  console.log(`${wanted.length} pictures of diagrams, ${missing.length} drawn anew.`)
}

import type { Section } from './render.ts'

/** A page as a search knows it. */
export interface Searched {
  path: string
  title: string
  sections: readonly Section[]
}

/** One place that was found: its page, its heading, and the words around the first hit in pieces, those that were searched for marked. */
export interface Hit {
  path: string
  anchor: string
  page: string
  heading: string
  snippet: { text: string; hit: boolean }[]
}

const MOST = 20
const AROUND = 70

/** Finds sections that hold every word of a search somewhere in page, heading or text; those that have them in their heading come first. */
export function searchHelp(pages: readonly Searched[], search: string): Hit[] {
  const words = folded(search).split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const found = pages.flatMap((page) =>
    page.sections.flatMap((section) => {
      const [title, heading, text] = [page.title, section.heading, section.text].map(folded) as [string, string, string]
      if (
        !words.every((word) => `${title} ${heading} ${text}`.includes(word)) ||
        !words.some((word) => `${heading} ${text}`.includes(word))
      )
        return []
      const score = words.reduce(
        (sum, word) => sum + (heading.includes(word) ? 8 : 0) + (title.includes(word) ? 4 : 0) + Math.min(4, text.split(word).length - 1),
        0,
      )
      return [
        {
          score,
          hit: {
            path: page.path,
            anchor: section.anchor,
            page: page.title,
            heading: section.heading,
            snippet: snippet(section.text, words),
          },
        },
      ]
    }),
  )
  return found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ hit }) => hit)
}

function snippet(text: string, words: readonly string[]): Hit['snippet'] {
  const low = folded(text)
  const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), Infinity)
  const from = first === Infinity ? 0 : Math.max(0, low.lastIndexOf(' ', Math.max(0, first - AROUND)) + 1)
  const cut = text.slice(from, from + AROUND * 3)
  const pieces: Hit['snippet'] = []
  let at = 0
  const lowCut = folded(cut)
  while (at < cut.length) {
    const next = words
      .map((word) => ({ word, at: lowCut.indexOf(word, at) }))
      .filter((each) => each.at >= 0)
      .toSorted((a, b) => a.at - b.at)[0]
    if (!next) break
    if (next.at > at) pieces.push({ text: cut.slice(at, next.at), hit: false })
    pieces.push({ text: cut.slice(next.at, next.at + next.word.length), hit: true })
    at = next.at + next.word.length
  }
  pieces.push({ text: `${cut.slice(at)}${from + cut.length < text.length ? '…' : ''}`, hit: false })
  return from > 0 ? [{ text: '…', hit: false }, ...pieces] : pieces
}

/** Small letters, of the same length as the text: positions stay what they are. */
const folded = (text: string): string =>
  [...text].map((letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join('')

// Pages of the product whose pictures stand in the docs, and the words by which a test sees that a picture is of before.

export const PAGES = {
  overview: { path: '/', height: 1070 },
  tracking: { path: '/tracking/users', height: 1080 },
  dataset: { path: '/data/earthquakes/earthquakes', height: 1120 },
  how: { path: '/how-it-works/earthquakes/earthquakes', height: 1000 },
  dictionary: { path: '/dictionary?q=degrees', height: 900 },
}

/**
 * How a wide picture is taken; the words are read in this look too.
 *
 * @type {import('playwright-core').BrowserContextOptions}
 */
export const WIDE = { locale: 'en-GB', timezoneId: 'Europe/Stockholm', reducedMotion: 'reduce', viewport: { width: 1280, height: 1000 } }

/**
 * Headings, buttons and names of fields and columns of an open page, each once, in the order of the page. What data say is left out, and a
 * number stands as 0: they are others each time, and no sign of age.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function wordsOf(page) {
  const parts = page.locator('h1, h2:not([aria-live]), thead th, dt, label, legend, nav a, .btn').filter({ visible: true })
  const texts = await parts.allInnerTexts()
  return [
    ...new Set(
      texts
        .map((text) =>
          text
            .replace(/\d[\d.,:]*/g, '0')
            .replace(/\s+/g, ' ')
            .trim(),
        )
        .filter(Boolean),
    ),
  ]
}

import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { boardWords } from '../../server/src/app/cli/connector/dashboard-words.ts'

interface Shown {
  readonly kind: string
  readonly title: string
}
interface Columns {
  readonly columns: readonly { readonly kind: string; readonly role: string | null }[]
}

// Imported as text: the settings of the client's own compiler are made by its framework, and not there in a fresh checkout.
const boards = readFileSync(resolve(import.meta.dirname, '../../client/src/lib/model/boards.ts'), 'utf8')
const { boardOf } = (await import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(boards))}`)) as {
  boardOf(dataset: Columns & { sourceSlug: string; name: string; title: string }): Shown
}

const ROLES = ['time', 'latitude', 'longitude', 'label', 'image'] as const

it('lets the command line name the page that the dashboard shows, whatever the roles of the columns', () => {
  for (let bits = 0; bits < 2 ** ROLES.length; bits++) {
    const roles = ROLES.filter((_, place) => (bits >> place) & 1)
    const columns = [{ kind: 'int' as const, role: null }, ...roles.map((role) => ({ kind: 'text' as const, role }))]
    const board = boardOf({ sourceSlug: 'shop', name: 'orders', title: 'Orders', columns })
    const words = boardWords({ title: 'Orders', columns })
    expect(words.kind, `with ${roles.join(', ')}`).toBe(board.kind)
    expect(words.sentence, `with ${roles.join(', ')}`).toContain(`"${board.title}"`)
  }
})

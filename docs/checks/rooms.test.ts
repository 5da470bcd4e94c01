import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sourceFiles } from './imports.ts'
import { brokenSentences } from './rooms.ts'

const root = resolve(import.meta.dirname, '../..')

describe('the rooms of the house', () => {
  it('holds the import directions of the design', () => {
    expect(sourceFiles(root).length, 'files that were read').toBeGreaterThan(50)
    expect(brokenSentences(root)).toEqual([])
  })
})

describe('the check itself', () => {
  const folders: string[] = []
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

  function sentencesOf(files: Readonly<Record<string, string>>): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'handover-rooms-'))
    folders.push(folder)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return brokenSentences(folder)
  }

  it.each([
    ['connectors/a/index.ts', `import b from '@handover/b'`, 'never another connector'],
    ['connectors/a/index.ts', `import type { B } from '../b/index.ts'`, 'never another connector'],
    ['connectors/a/index.ts', `import { x } from '../../server/src/shared/ids.ts'`, 'never another connector, the server'],
    ['connectors/a/index.ts', `import { x } from '../sdk/http.ts'`, 'imported as @handover/sdk'],
    ['connectors/sdk/http.ts', `export { x } from '../a/index.ts'`, 'The sdk imports nothing of ours'],
    ['server/src/catalog/x.ts', `import a from '@handover/files'`, 'by name it knows the sdk only'],
    ['server/src/loads/x.ts', `import { x } from '../lake/part.ts'`, 'only through its *.service.ts'],
    ['server/src/loads/x.ts', `const x = await import('../lake/part.ts')`, 'only through its *.service.ts'],
    ['server/src/lake/x.ts', `import { main } from '../app/main.ts'`, 'Nobody imports app'],
    ['server/src/shared/x.ts', `import { x } from '../lake/lake.service.ts'`, 'shared imports no feature'],
    ['server/src/loads/x.ts', `import { Agenda } from 'agenda'`, 'Only schedule knows Agenda'],
    ['server/src/loads/x.ts', `export const x = process.env.HOME`, 'reads the environment'],
    ['server/src/app/x.ts', `export const x = process.env['HOME']`, 'reads the environment'],
    ['server/src/loads/x.ts', `console.log(1)`, 'through the logger'],
    ['client/src/routes/x.svelte', `<script lang="ts">import { x } from 'layerchart/geo'</script>`, 'Only client/src/lib/charts'],
    ['client/src/lib/x.ts', `import { x } from '../../../server/src/shared/ids.ts'`, 'over HTTP only'],
  ])('says what %s breaks with %s', (path, text, sentence) => {
    const sentences = sentencesOf({ [path]: text })
    expect(sentences).toHaveLength(1)
    expect(sentences[0]).toContain(path)
    expect(sentences[0]).toContain(sentence)
  })

  it('names both files when two rooms import each other', () => {
    const sentences = sentencesOf({
      'server/src/lake/a.ts': `import { x } from '../warehouse/warehouse.service.ts'`,
      'server/src/warehouse/b.ts': `import { y } from '../lake/lake.service.ts'`,
    })
    expect(sentences).toEqual([expect.stringMatching(/lake\/a\.ts .*warehouse\/b\.ts .*both ways/)])
  })

  it('takes what the design allows, and comments for what they are', () => {
    const allowed = {
      'connectors/a/index.ts': `import { http } from '@handover/sdk'\nimport { row } from './row.ts'`,
      'server/src/loads/x.ts': `import { Lake } from '../lake/lake.service.ts'\n// console.log(process.env) import '../lake/part.ts'`,
      'server/src/app/config.ts': `export const x = process.env.HOME`,
      'server/src/app/main.ts': `read(process.env)\nprocess.env['PROTOCOL_HEADER'] = 'x'\nconsole.log(1)`,
      'client/src/lib/charts/Map.svelte': `<script>import { x } from 'layerchart'</script>`,
    }
    expect(sentencesOf(allowed)).toEqual([])
  })
})

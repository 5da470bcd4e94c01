import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../src/app/config.ts'

/** How a connector of these tests differs from the usual one. */
export interface Variant {
  readonly title?: string
  /** Columns besides `id`, as they are written. */
  readonly columns?: string
  /** What `extract` yields and whatever it does before, as it is written. */
  readonly extract?: string
  /** Written above everything else. */
  readonly top?: string
}

/** A folder of connectors that a test writes while the server runs. It lies below the repository, so that connectors find the sdk. */
export interface ConnectorFolder extends AsyncDisposable {
  readonly path: string
  write(name: string, variant?: Variant): Promise<void>
  remove(name: string): Promise<void>
}

/** Makes a folder of connectors; nothing of it is left when it is disposed of. */
export async function connectorFolder(): Promise<ConnectorFolder> {
  const cache = join(ROOT, 'server/.cache')
  await mkdir(cache, { recursive: true })
  const path = await mkdtemp(join(cache, 'reload-'))
  return {
    path,
    async write(name, variant = {}) {
      await mkdir(join(path, name), { recursive: true })
      await writeFile(join(path, name, 'index.ts'), text(name, variant))
    },
    remove: (name) => rm(join(path, name), { recursive: true }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

const text = (
  name: string,
  { title = name, columns = '', extract = 'yield { records: [{ id: 1 }] }', top = '' }: Variant,
): string => `${top}
import { defineConnector } from '@handover/sdk'
import { z } from 'zod'

export default defineConnector({
  name: '${name}',
  title: '${title}',
  about: 'Made by a test.',
  config: z.object({}),
  streams: { items: { about: 'Items.', async *extract() { ${extract} } } },
  datasets: {
    items: {
      from: 'items',
      about: 'Items.',
      key: ['id'],
      load: 'merge',
      columns: z.object({ id: z.int().describe('Number'), ${columns} }),
      transform: (raw: any) => raw,
    },
  },
})
`

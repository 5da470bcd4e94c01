import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConnector } from '@handover/sdk'
import { z } from 'zod'

/** Leaves the file `called` in the files folder, answers nothing until it is called off, and then leaves `called-off`. */
export default defineConnector({
  name: 'slow',
  title: 'Slow',
  about: 'Never answers, for tests of what happens when nobody waits any more.',
  config: z.object({}),
  async check({ signal, filesFolder }) {
    // Listening first: the test calls it off as soon as it sees the file.
    const calledOff = new Promise((settle) => signal.addEventListener('abort', settle, { once: true }))
    await writeFile(join(filesFolder, 'called'), '')
    await calledOff
    await writeFile(join(filesFolder, 'called-off'), '')
  },
  streams: { nothing: { about: 'Nothing.', async *extract() {} } },
  datasets: {
    nothing: {
      from: 'nothing',
      about: 'Nothing.',
      key: ['id'],
      load: 'merge',
      columns: z.object({ id: z.int().describe('Number') }),
      transform: () => null,
    },
  },
})

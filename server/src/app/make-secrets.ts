// Makes random passwords, each in a file of its own: `node make-secrets.js <folder> <name>…`. One that is there already is never touched.
import { randomBytes } from 'node:crypto'
import { chmod, link, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

const BYTES = 24
/** For the users of the databases too, which are others than ours. Only containers that are given the folder see it. */
const FOR_ALL = 0o444

const [folder = '', ...names] = process.argv.slice(2)
for (const name of names) await make(join(folder, name))

/** Whole or not at all, also when it is killed or another one runs beside it: a database that was given half a password would keep it. */
async function make(file: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(temporary, 'wx')
  try {
    await handle.writeFile(randomBytes(BYTES).toString('base64url'))
    await handle.sync()
    await chmod(temporary, FOR_ALL)
    await link(temporary, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await handle.close()
    await rm(temporary, { force: true })
  }
}

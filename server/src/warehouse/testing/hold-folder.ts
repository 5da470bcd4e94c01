import { lockFolder } from '../sqlite/lock.ts'

// Runs as a process of its own: locks the folder of the file that is named, as the user that is named, says so, and holds it until it is killed.
const [file = '', user] = process.argv.slice(2)
try {
  if (user) process.setuid!(Number(user))
  lockFolder(file)
  process.stdout.write('locked\n')
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`)
}

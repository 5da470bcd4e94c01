import { lockFolder } from '../sqlite/lock.ts'

// Runs as a process of its own: locks the folder of the file that is named, says so, and holds it until it is killed.
try {
  lockFolder(process.argv[2]!)
  process.stdout.write('locked\n')
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`)
}

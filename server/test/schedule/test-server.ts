import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { MONGODB_SERVICE } from './test-backends.ts'

const run = promisify(execFile)

/** A MongoDB server of one test's own, which may be killed. */
export interface TestServer {
  readonly url: string
  /** `kill -9`: nothing is said to anybody. */
  kill(): Promise<void>
  /** Starts it again on the same data, and resolves when it answers. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts the server of `TEST_MONGODB_SERVICE` on that port; `env` goes to the server. */
export async function startServer(port: number, env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const call = async (...words: string[]) => {
    await run(MONGODB_SERVICE!, words, { env: { ...process.env, ...env, MONGODB_PORT: String(port) } })
  }
  await call()
  return {
    url: `mongodb://127.0.0.1:${port}`,
    start: () => call(),
    kill: () => call('kill'),
    // It has ended already when the test has killed it.
    stop: () => call('stop').catch(() => undefined),
  }
}

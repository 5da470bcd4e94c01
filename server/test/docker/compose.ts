import { execFile, spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const MORE = fileURLToPath(new URL('compose.test.yml', import.meta.url))
const LARGEST_OUTPUT = 16 * 1024 * 1024

/** Images are built once for all tests; the second build takes a second. */
export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { cwd: ROOT, maxBuffer: LARGEST_OUTPUT })).stdout.trim()
}

/** The compose file of the product as a project of its own, with the connectors of the tests, on a free port. `down` takes its volumes away. */
export class Compose {
  readonly project: string
  readonly url: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(project: string, port: number) {
    this.project = project
    this.url = `http://localhost:${port}`
    // The stand-in for MongoDB that tests run on has no users; docs/guides/run-with-docker.md says so.
    const standIn = process.env['TEST_MONGO_USERS'] ? {} : { MONGODB_URL: 'mongodb://mongo:27017/handover', MONGODB_PASSWORD_FILE: '' }
    this.#env = { ...process.env, HANDOVER_PORT: String(port), ...standIn }
  }

  get #words(): string[] {
    return ['compose', '--project-directory', ROOT, '-p', this.project, '-f', 'docker-compose.yml', '-f', MORE]
  }

  /** Builds the images and names a project; starts nothing yet. */
  static async prepare(name: string): Promise<Compose> {
    const compose = new Compose(`handover-test-${name}`, await freePort())
    await compose.run('build', '--quiet')
    return compose
  }

  /** Runs `docker compose …` on the project and gives what it prints. */
  async run(...args: string[]): Promise<string> {
    return (await run('docker', [...this.#words, ...args], { cwd: ROOT, env: this.#env, maxBuffer: LARGEST_OUTPUT })).stdout.trim()
  }

  /** Runs `docker compose …` and gives the bytes that it prints. */
  async bytes(...args: string[]): Promise<Buffer> {
    return (await run('docker', [...this.#words, ...args], { cwd: ROOT, env: this.#env, maxBuffer: LARGEST_OUTPUT, encoding: 'buffer' }))
      .stdout
  }

  /** Runs a command in a container of its own, with a file as what it reads. */
  async feed(file: string, ...args: string[]): Promise<string> {
    const child = spawn('docker', [...this.#words, 'run', '--rm', '-T', ...args], {
      cwd: ROOT,
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const said = Promise.all([text(child.stdout), text(child.stderr)])
    await pipeline(createReadStream(file), child.stdin)
    const [code] = (await once(child, 'close')) as [number]
    const [out, err] = await said
    if (code !== 0) throw new Error(`docker compose run ended with ${code}: ${out}${err}`)
    return out
  }

  /** Starts what is not running, and resolves when all of it is healthy. */
  async up(...more: string[]): Promise<void> {
    await this.run('up', '--detach', '--wait', '--wait-timeout', '180', ...more)
  }

  /** Ids of the containers of a service, running or not. */
  async containers(service: string): Promise<string[]> {
    return (await this.run('ps', '--all', '--quiet', service)).split('\n').filter(Boolean)
  }

  /** Kills the first process of a service as the kernel would, so that the engine starts it again by itself. */
  async strike(service: string): Promise<void> {
    for (const id of await this.containers(service)) {
      const pid = Number(await docker('inspect', '--format', '{{.State.Pid}}', id))
      if (pid > 0) process.kill(pid, 'SIGKILL')
    }
  }

  /** Asks the API through the dashboard; throws when it answers with an error. */
  // Tests know the shape of what they asked for.
  async ask(query: string): Promise<any> {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await answer.json()) as { data: unknown; errors?: { message: string }[] }
    if (errors) throw new Error(errors[0]!.message)
    return data
  }

  /** Runs a statement in MySQL and gives the values, one row a line. */
  async sql(statement: string): Promise<string> {
    const client = `MYSQL_PWD="$(cat /secrets/mysql-password)" mysql -u handover handover -N -e '${statement}'`
    return this.run('exec', '-T', 'mysql', 'sh', '-c', client)
  }

  async down(): Promise<void> {
    await this.run('down', '--volumes', '--timeout', '5')
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}

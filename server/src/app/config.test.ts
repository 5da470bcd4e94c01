import { describe, expect, it } from 'vitest'
import { readServerUrl, readSettings } from './config.ts'

const read = (env: Record<string, string>) => readSettings(env, '/srv')
const refusal = (env: Record<string, string>): string => {
  try {
    read(env)
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

describe('settings', () => {
  it('have defaults that need nothing to be set', () => {
    expect(read({ PATH: '/bin' })).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataFolder: '/srv/data',
      filesFolder: '/srv/data/files',
      sandbox: true,
    })
  })

  it('take folders from where the command was typed', () => {
    const settings = read({ HANDOVER_DATA: 'here', HANDOVER_FILES: '/files', HANDOVER_CONNECTORS: 'a, /b' })
    expect(settings).toMatchObject({ dataFolder: '/srv/here', filesFolder: '/files', connectorFolders: ['/srv/a', '/b'] })
  })

  it('name the setting that was probably meant', () => {
    expect(refusal({ HANDOVER_PROT: '8080' })).toBe('There is no setting HANDOVER_PROT. Did you mean HANDOVER_PORT?')
  })

  it('take an address for traces under the names of OpenTelemetry, and never repeat what may be a key', () => {
    expect(read({ OTEL_SERVICE_NAME: 'mine' }).tracing).toBeNull()
    const given = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://there:4318/', OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b, tenant=me' }
    expect(read(given).tracing).toEqual({
      ...{ url: 'http://there:4318/v1/traces', headers: { 'x-key': 'a b', tenant: 'me' } },
      ...{ serviceName: 'handover', share: 1 },
    })
    const whole = { ...given, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://other/traces', OTEL_TRACES_SAMPLER_ARG: '0.1' }
    expect(read(whole).tracing).toMatchObject({ url: 'https://other/traces', share: 0.1 })
    const wrong = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:horse@there',
      OTEL_EXPORTER_OTLP_HEADERS: 'horse',
      OTEL_TRACES_SAMPLER_ARG: '2',
    }
    expect(
      refusal(wrong)
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual([...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_TRACES_SAMPLER_ARG', 'OTEL_EXPORTER_OTLP_HEADERS']])
    expect(refusal(wrong)).not.toContain('horse')
  })

  it('take a port for health alone, which cannot be that of the dashboard', () => {
    expect([read({}).healthPort, read({ HANDOVER_HEALTH_PORT: '3001' }).healthPort]).toEqual([null, 3001])
    expect(refusal({ HANDOVER_HEALTH_PORT: 'no' })).toBe(
      'HANDOVER_HEALTH_PORT is "no"; it must be a whole number from 0 to 65535, or empty.',
    )
    expect(refusal({ HANDOVER_HEALTH_PORT: '3000' })).toMatch(/^HANDOVER_HEALTH_PORT is 3000, which HANDOVER_PORT is already\./)
    const worker = { HANDOVER_ROLE: 'worker', DATABASE_URL: 'mysql://me:horseshoe-bay@db/x', HANDOVER_HEALTH_PORT: '3000' }
    expect(read(worker).healthPort).toBe(3000)
  })

  it('list what there is when nothing is near', () => {
    expect(refusal({ HANDOVER_SOMETHING_ELSE: '1' })).toMatch(
      /^There is no setting HANDOVER_SOMETHING_ELSE\. The settings are DATABASE_URL, /,
    )
  })

  it('say every fault in a line of its own', () => {
    const lines = refusal({ HANDOVER_PORT: '99999', HANDOVER_LOG: 'loud', HANDOVER_ROLE: 'api', HANDOVER_PRIVATE_HOSTS: 'db.local' }).split(
      '\n',
    )
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe('HANDOVER_PORT is "99999"; it must be a whole number from 0 to 65535.')
  })

  it('want the address of a database that can be shared, and never repeat it', () => {
    const [database, schedule] = refusal({ DATABASE_URL: 'postgres://me:secret@db/x', MONGODB_URL: 'localhost:27017' }).split('\n')
    expect(database).toBe('DATABASE_URL must begin with mysql://. It looks like mysql://user:password@host:3306/handover.')
    expect(schedule).toBe('MONGODB_URL must begin with mongodb://. It looks like mongodb://host:27017/handover.')
    expect(read({ DATABASE_URL: 'mysql://me:horseshoe-bay@db/x', HANDOVER_ROLE: 'worker' })).toMatchObject({
      role: 'worker',
      mongodbUrl: null,
    })
  })

  it('take an empty value for one that is not set', () => {
    expect(read({ HANDOVER_PORT: '' }).port).toBe(3000)
  })
})

describe('the address of the running server', () => {
  it.each([
    [{}, 'http://localhost:3000'],
    [{ HANDOVER_PORT: '8080', HANDOVER_HOST: '0.0.0.0' }, 'http://localhost:8080'],
    [{ HANDOVER_HOST: '10.0.0.7' }, 'http://10.0.0.7:3000'],
    [{ HANDOVER_HOST: 'fd00::1' }, 'http://[fd00::1]:3000'],
    [{ HANDOVER_URL: 'https://data.example.org/handover/', HANDOVER_PORT: '1' }, 'https://data.example.org/handover'],
  ])('with %o is %s', (env, url) => {
    expect(readServerUrl(env)).toBe(url)
  })

  it.each([
    { HANDOVER_URL: 'localhost:3000' },
    { HANDOVER_URL: 'http://me:secret@x' },
    { HANDOVER_PORT: '0' },
    { HANDOVER_PORT: 'x' },
    { HANDOVER_ULR: 'x' },
  ])('is refused with %o', (env) => {
    expect(() => readServerUrl(env)).toThrow(/HANDOVER_(URL|PORT)/)
    expect(() => readServerUrl(env)).not.toThrow(/secret/)
  })
})

import { describe, expect, it } from 'vitest'
import { SourceError, type Connector } from '@handover/sdk'
import { pino } from 'pino'
import { channelsOf, NotifyService, type Channel } from '../../src/notify/notify.service.ts'
import { overdueSince } from '../../src/notify/overdue.ts'
import { silentSince } from '../../src/notify/silent.ts'
import { onMysql } from '../../src/warehouse/testing/databases.ts'
import { run } from '../cli/command-line.ts'
import { listed, records } from '../loads/listed.ts'
import { TestLoads } from '../loads/test-loads.ts'
import { mailServer, webhook, type Told } from './receivers.ts'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

/** A source that does as it is told. */
function moody(state: { fails: boolean; brings: boolean }): Connector {
  const extract = async function* () {
    if (state.fails) throw new SourceError('The shop <b>does not</b> answer & waits.')
    yield { records: state.brings ? records(Math.floor(Math.random() * 1000), 1) : [] }
  }
  return listed({ items: extract } as never, 'append')
}

const serviceOf = (test: TestLoads, channels: readonly Channel[], isScheduleReachable = true) =>
  new NotifyService({
    ...{ db: test.db, loads: test.loads, channels, address: 'https://data.example.org', clock: { now: () => test.now } },
    ...{
      logger: pino({ level: 'warn' }, { write: (line: string) => void test.logged.push(line) }),
      isScheduleReachable: () => isScheduleReachable,
    },
  })
const shortly = (told: readonly Told[]) =>
  told.map(({ subject, events }) => [subject, events.map(({ source, kind, phase }) => `${source} ${kind} ${phase}`)])
/** A load that fails for good. */
async function fail(test: TestLoads): Promise<void> {
  await test.load(await test.sources.get('listed'))
  await test.db.write.query(`UPDATE handover_load SET retry_at = NULL WHERE state = 'failed'`)
}

describe('people', { timeout: 60_000 }, () => {
  it('are told once that a source fails, once a day while it lasts, and once that it is well again', async () => {
    await using hook = await webhook()
    const state = { fails: false, brings: true }
    await using test = await TestLoads.open({ connectors: [moody(state)] })
    await test.firstLoad('listed')
    const channels = channelsOf({ webhook: hook.url, email: null })
    const [one, other] = [serviceOf(test, channels), serviceOf(test, channels)]
    await one.look()
    expect(hook.told).toEqual([])
    state.fails = true
    for (let load = 0; load < 3; load++) {
      test.pass(2 * MINUTE)
      await fail(test)
      // Several processes share a MySQL database; an embedded one belongs to a single process.
      if (onMysql) await Promise.all([one.look(), other.look()])
      else await one.look()
    }
    expect(shortly(hook.told)).toEqual([['Handover: The listed could not be loaded', ['listed failed began']]])
    expect(hook.told[0]!.text).toContain('The shop <b>does not</b> answer & waits.')
    expect(hook.told[0]!.events[0]!.url).toBe('https://data.example.org/sources/listed')
    test.pass(DAY)
    await one.look()
    await one.look()
    expect(shortly(hook.told.slice(1))).toEqual([['Handover: The listed still could not be loaded', ['listed failed still']]])
    state.fails = false
    test.pass(MINUTE)
    await test.load(await test.sources.get('listed'))
    await one.look()
    await other.look()
    expect(shortly(hook.told.slice(2))).toEqual([['Handover: The listed is well again', ['listed failed ended']]])
  })

  it('are told nothing of what Handover mends by itself, of paused sources, and of those that are removed', async () => {
    await using hook = await webhook()
    const state = { fails: false, brings: true }
    await using test = await TestLoads.open({ connectors: [moody(state)] })
    await test.firstLoad('listed')
    const service = serviceOf(test, channelsOf({ webhook: hook.url, email: null }))
    state.fails = true
    await test.load(await test.sources.get('listed'))
    await service.look()
    await test.sources.update('listed', { paused: true })
    await fail(test)
    await service.look()
    expect(hook.told).toEqual([])
    await test.sources.update('listed', { paused: false })
    await service.look()
    expect(hook.told).toHaveLength(1)
    await test.sources.update('listed', { paused: true })
    await service.look()
    await test.sources.remove('listed')
    await service.look()
    expect(hook.told).toHaveLength(1)
    expect(await test.db.read.query('SELECT * FROM handover_notice')).toEqual([])
  })

  it('are told of many sources in one message, and later when nobody can be reached', async () => {
    await using hook = await webhook()
    const state = { fails: false, brings: true }
    await using test = await TestLoads.open({ connectors: [moody(state)] })
    await test.loads.start()
    for (let index = 0; index < 20; index++) await test.source('listed', {}, `shop-${index}`)
    await test.loads.idle()
    state.fails = true
    for (const source of await test.sources.list()) await test.load(source)
    await test.db.write.query(`UPDATE handover_load SET retry_at = NULL WHERE state = 'failed'`)
    const service = serviceOf(test, channelsOf({ webhook: hook.url, email: null }))
    for (hook.state.status of [500, 302]) await service.look()
    expect(hook.told).toEqual([])
    const warned = test.logged.filter((line) => line.includes('Nobody could be told'))
    expect(warned).toHaveLength(1)
    expect(warned[0]).not.toContain('s3cr3t')
    hook.state.status = 200
    await service.look()
    expect(shortly(hook.told)).toEqual([
      ['Handover: 20 sources need somebody', expect.arrayContaining(['shop-0 failed began', 'shop-19 failed began'])],
    ])
  })

  it('are told that a source is late when nothing begins it, whatever keeps the schedule', async () => {
    await using hook = await webhook()
    await using test = await TestLoads.open({ connectors: [moody({ fails: false, brings: true })] })
    await test.firstLoad('listed')
    await test.sources.update('listed', { schedule: { every: 600 } })
    const service = serviceOf(test, channelsOf({ webhook: hook.url, email: null }), false)
    test.pass(14 * MINUTE)
    await service.look()
    expect(hook.told).toEqual([])
    test.pass(2 * MINUTE)
    await service.look()
    expect(shortly(hook.told)).toEqual([['Handover: The listed is late', ['listed late began']]])
    expect(hook.told[0]!.text).toContain('MongoDB) does not answer')
  })

  it('are told that a source has fallen silent, against its own history', async () => {
    await using hook = await webhook()
    const state = { fails: false, brings: true }
    await using test = await TestLoads.open({ connectors: [moody(state)] })
    const { source } = await test.firstLoad('listed')
    const service = serviceOf(test, channelsOf({ webhook: hook.url, email: null }))
    for (let load = 0; load < 12; load++) {
      test.pass(HOUR)
      await test.load(source)
    }
    state.brings = false
    for (let load = 0; load < 3; load++) {
      test.pass(HOUR)
      await test.load(source)
      await service.look()
    }
    expect(hook.told).toEqual([])
    test.pass(HOUR)
    await test.load(source)
    await service.look()
    expect(shortly(hook.told)).toEqual([['Handover: The listed brings nothing any more', ['listed silent began']]])
  })

  it('get e-mails that nobody else can write into', async () => {
    await using server = await mailServer()
    const smtp = `smtp://ops:Tulpan-9-groda@127.0.0.1:${server.port}`
    const [channel] = channelsOf({
      webhook: null,
      email: { to: ['ops@example.org', 'anna@example.org'], from: 'Handover <data@example.org>', smtp },
    })
    const { messageOf } = await import('../../src/notify/notify.service.ts')
    const event = {
      source: 'shop',
      title: 'The\r\nBcc: evil@example.org <i>shop</i>',
      kind: 'failed' as const,
      phase: 'began' as const,
      since: new Date(0),
      text: 'It <script>fails</script>.',
    }
    await channel!.send(messageOf([event], 'https://data.example.org'))
    const [mail] = server.mails
    expect(mail).toMatchObject({ from: 'data@example.org', to: ['ops@example.org', 'anna@example.org'] })
    expect(mail!.source.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im)
    expect(mail!.source.replaceAll('=\r\n', '')).toContain('It &lt;script&gt;fails&lt;/script&gt;.')
    const [wrong] = channelsOf({
      webhook: null,
      email: { to: ['ops@example.org'], from: 'a@example.org', smtp: smtp.replace('groda', 'padda') },
    })
    await expect(wrong!.send(messageOf([event], ''))).rejects.toThrow('it was not taken (535)')
  })
})

describe('handover notify', { timeout: 60_000 }, () => {
  it('sends a test message, and says what the receivers answered', async () => {
    await using hook = await webhook()
    await using server = await mailServer()
    const env = {
      HANDOVER_NOTIFY_WEBHOOK: hook.url,
      HANDOVER_NOTIFY_EMAIL: 'ops@example.org',
      HANDOVER_SMTP_URL: `smtp://127.0.0.1:${server.port}`,
    }
    const fine = await run(['notify'], env)
    expect([fine.code, fine.stderr, fine.stdout.split('\n').slice(0, 2)]).toEqual([
      0,
      '',
      ['sent   webhook at 127.0.0.1: answered 200', expect.stringContaining('sent   e-mail to ops@example.org: 250')],
    ])
    hook.state.status = 403
    const bad = await run(['notify'], env)
    expect([bad.code, bad.stdout]).toEqual([1, expect.stringContaining('fault  webhook at 127.0.0.1: it answered 403')])
    expect(bad.stdout).not.toContain('s3cr3t')
    expect(await run(['notify'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Nobody is told of sources') })
    const wrong = await run(['notify'], { HANDOVER_NOTIFY_EMAIL: 'ops', HANDOVER_NOTIFY_WEBHOOK: 'ftp://u:topsecret@x' })
    expect([wrong.code, wrong.stderr.trim().split('\n').length]).toEqual([2, 3])
    expect(wrong.stderr).not.toContain('topsecret')
  })
})

describe('silence', () => {
  const loads = (gaps: readonly number[], empty: number, every = HOUR) => {
    let at = 1_800_000_000_000
    const past = [{ at: new Date(at), records: 5 }]
    for (const gap of gaps) {
      for (let quiet = every; quiet < gap; quiet += every) past.push({ at: new Date(at + quiet), records: 0 })
      past.push({ at: new Date((at += gap)), records: 5 })
    }
    for (let index = 0; index < empty; index++) past.push({ at: new Date((at += every)), records: 0 })
    return { past: past.toReversed(), now: new Date(at) }
  }
  const isSilent = ({ past, now }: ReturnType<typeof loads>) => silentSince(past, now) !== null
  const steady = Array.from({ length: 20 }, () => HOUR)

  it('is three empty loads, three times longer than ever', () => {
    expect(isSilent(loads(steady, 3))).toBe(false)
    expect(isSilent(loads(steady, 4))).toBe(true)
    expect(isSilent(loads(steady.slice(0, 8), 40))).toBe(false)
  })

  it('is no night of a source that is quiet every night, and not the weekend of a shop', () => {
    const nights = Array.from({ length: 10 }, () => [...steady.slice(0, 12), 12 * HOUR]).flat()
    expect(isSilent(loads(nights, 30))).toBe(false)
    expect(isSilent(loads(nights, 37))).toBe(true)
  })

  it('is nothing for a source that has brought something last', () => {
    expect(isSilent(loads(steady, 0))).toBe(false)
    expect(silentSince([], new Date())).toBeNull()
  })
})

describe('a run that never started', () => {
  const at = (text: string) => new Date(`2026-03-01T${text}Z`)
  const overview = (schedule: object | null, planned: Date | null, more = {}) =>
    ({
      source: { schedule, paused: false, updatedAt: at('00:00:00') },
      active: null,
      lastEnded: planned && { plannedAt: planned },
      ...more,
    }) as never

  it('is seen from schedule and loads alone', () => {
    const hourly = { every: 3600 }
    expect(overdueSince(overview(hourly, at('10:00:00')), at('11:05:00'))).toBeNull()
    expect(overdueSince(overview(hourly, at('10:00:00')), at('11:07:00'))).toEqual(at('11:00:00'))
    expect(overdueSince(overview({ cron: '0 3 * * *', timeZone: 'UTC' }, null), at('04:00:00'))).toBeNull()
    expect(overdueSince(overview({ cron: '0 3 * * *', timeZone: 'UTC' }, null), at('06:00:00'))).toEqual(at('03:00:00'))
    expect(overdueSince(overview(null, at('10:00:00')), at('23:00:00'))).toBeNull()
    expect(overdueSince(overview(hourly, at('10:00:00'), { active: {} }), at('23:00:00'))).toBeNull()
  })
})

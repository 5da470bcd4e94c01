import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'

function logged(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = []
  log(createLogger('info', { write: (line) => void lines.push(line) }))
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0]!)
}

it('takes secrets out of fields, however deep, and out of addresses', () => {
  const line = logged((logger) =>
    logger.info({ config: { apiKey: 'k-123', nested: [{ password: 'p-123' }] }, url: 'mysql://me:p-123@db/x' }, 'Said'),
  )
  expect(JSON.stringify(line)).not.toContain('-123')
  expect(line).toMatchObject({ msg: 'Said', url: 'mysql://[removed]@db/x' })
})

it('does not take yes or no for a secret', () => {
  expect(logged((logger) => logger.warn({ failure: { passing: true } }, 'Failed'))).toMatchObject({ failure: { passing: true } })
})

it('leaves the parameters of a failed statement out, which are the data of people', () => {
  const err = Object.assign(new Error('UNIQUE constraint failed'), {
    parameters: ['Ada Lovelace'],
    query: 'INSERT …',
    cause: new Error('deeper'),
  })
  const line = logged((logger) => logger.error({ err }, 'A statement failed'))
  expect(JSON.stringify(line)).not.toContain('Lovelace')
  expect(line['err']).toMatchObject({ type: 'Error', message: 'UNIQUE constraint failed', cause: { message: 'deeper' } })
})

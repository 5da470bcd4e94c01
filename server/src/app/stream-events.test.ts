import { buildSchema, GraphQLError } from 'graphql'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { ConflictError } from '../shared/errors.ts'
import { LatestQueue } from '../shared/latest-queue.ts'
import { RequestContext } from '../shared/request-context.ts'
import { eventsOf, type EventTools } from './stream-events.ts'

/** Subscriptions to one number, which `answer` makes of every event. */
function numbers(answer: (event: number, context: RequestContext) => unknown = (event) => event) {
  const schema = buildSchema('type Query { a: Int } type Subscription { number: Int }')
  const ended = vi.fn<() => void>()
  const queue = new LatestQueue<number>(ended)
  const field = schema.getSubscriptionType()!.getFields()['number']!
  field.subscribe = () => queue
  field.resolve = (event, _, context) => answer(event as number, context as RequestContext)
  const logged: string[] = []
  const logger = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) })
  const tools: EventTools = { schema: () => schema, context: () => new RequestContext('request 1', logger) }
  return { queue, ended, logged, events: eventsOf({ query: 'subscription { number }' }, tools) }
}

it('takes its listener away when the reader leaves while it waits for an event', async () => {
  const { events, ended } = numbers()
  const stream = await events
  const next = stream.next()
  await stream.return!()
  expect(ended).toHaveBeenCalledTimes(1)
  expect(await next).toEqual({ value: undefined, done: true })
})

it('gives every event a context of its own, so that nothing old is answered', async () => {
  const { queue, events } = numbers((event, context) => context.once('read', () => event))
  const stream = await events
  for (const event of [1, 2]) {
    queue.put('a', () => event)
    expect((await stream.next()).value).toMatchObject({ data: { number: event } })
  }
})

it('lets known errors through and masks all others, and goes on after both', async () => {
  const faults = [new ConflictError('Not now.'), new Error('password=hush'), new GraphQLError('SELECT 1')]
  const { queue, events, logged } = numbers(() => {
    throw faults.shift()!
  })
  const stream = await events
  const codes: unknown[] = []
  for (const event of [1, 2, 3]) {
    queue.put('a', () => event)
    codes.push((await stream.next()).value?.errors?.[0])
  }
  expect(codes).toMatchObject([
    { message: 'Not now.', extensions: { code: 'CONFLICT' } },
    { extensions: { code: 'INTERNAL', requestId: 'request 1' } },
    { extensions: { code: 'INTERNAL', requestId: 'request 1' } },
  ])
  expect(JSON.stringify(codes)).not.toMatch(/hush|SELECT/)
  expect(logged).toHaveLength(2)
})

import type { LoadChoice, LoadWatch } from '../loads/loads.service.ts'

/** Where type-graphql finds the events of a topic. Nothing is published: who listens looks at the database. */
export const subscriptions = (watch: () => LoadWatch) => ({
  subscribe: (topic: string, asked: unknown): AsyncIterable<unknown> =>
    topic === 'load' ? watch().loads(asked as LoadChoice) : watch().changes(),
  publish: () => undefined,
})

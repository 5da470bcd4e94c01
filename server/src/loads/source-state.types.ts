import { registerEnumType } from 'type-graphql'

/** How a source is, in one word. */
export const SourceStates = {
  ON_TIME: 'ON_TIME',
  LOADING: 'LOADING',
  LATE: 'LATE',
  FAILED: 'FAILED',
  HELD: 'HELD',
  PAUSED: 'PAUSED',
  SET_ASIDE: 'SET_ASIDE',
  NEVER_LOADED: 'NEVER_LOADED',
} as const
registerEnumType(SourceStates, {
  name: 'SourceState',
  description: 'How a source is. SET_ASIDE: records wait for a person because they do not fit.',
})

// A host in memory, for commands: it works without a server, a database and a test runner.
export {
  datasetsFrom,
  isReplaced,
  MemoryTable,
  openUnread,
  pieceOf,
  TEST_NOW,
  type RunnableStream,
  type UnreadConnector,
} from './testing/host.ts'
export { PagingWatch } from './testing/paging-watch.ts'
export { recordAnswers, type RecordedAnswer, type Recorder } from './testing/recorder.ts'
export { readFixtures, replay, requestKey, type Fixture, type Replay } from './testing/replay.ts'

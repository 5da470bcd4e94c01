import { expect, it } from 'vitest'
import { checkRoom } from './folder.ts'
import { checkNode } from './node.ts'

it('warns of a disk that is nearly full, and refuses one that is', () => {
  expect(checkRoom(20_000_000_000, '/data')).toMatchObject({ state: 'ok', message: '20 GB left on the disk of /data.' })
  expect(checkRoom(900_000_000, '/data')).toMatchObject({ state: 'warning', message: 'Only 900 MB left on the disk of /data.' })
  expect(checkRoom(50_000_000, '/data')).toMatchObject({ state: 'fault', todo: 'Make room there before the next load.' })
})

it('refuses a Node that is too old', () => {
  expect([checkNode('24.10.9').state, checkNode('24.11.0').state, checkNode('25.0.0').state, checkNode('20.20.2').state]).toEqual([
    ...['fault', 'ok', 'ok', 'fault'],
  ])
})

import { describe, expect, it } from 'vitest'
import { readSettings } from './config.ts'

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

  it('list what there is when nothing is near', () => {
    expect(refusal({ HANDOVER_SOMETHING_ELSE: '1' })).toMatch(
      /^There is no setting HANDOVER_SOMETHING_ELSE\. The settings are HANDOVER_PORT, /,
    )
  })

  it('say every fault in a line of its own', () => {
    const lines = refusal({ HANDOVER_PORT: '99999', HANDOVER_LOG: 'loud', HANDOVER_ROLE: 'api', HANDOVER_PRIVATE_HOSTS: 'db.local' }).split(
      '\n',
    )
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe('HANDOVER_PORT is "99999"; it must be a whole number from 0 to 65535.')
  })

  it('take an empty value for one that is not set', () => {
    expect(read({ HANDOVER_PORT: '' }).port).toBe(3000)
  })
})

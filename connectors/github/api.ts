import { ConfigError, type Http, type Response } from '@handover/sdk'
import { repositoriesOf, type Settings } from './settings.ts'

/** What GitHub says in plain status codes; `refuse` tells what they mean. */
export const TOLD_BY_STATUS = [401, 404]

/** GitHub at the address of the settings, with the token if there is one. */
export function openGitHub(http: Http, { address, token }: Settings): Http {
  const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }
  return http.at(address, { headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` } })
}

/** Throws a `ConfigError` beside the setting at fault when an answer says that the token or the repository is not right. */
export function refuse({ status }: Response, repository: string, { token }: Settings): void {
  if (status === 401)
    throw fault('token', 'GitHub does not take this token. It may have run out; make a new one at github.com/settings/tokens.')
  if (status !== 404) return
  const hidden = token === undefined ? 'A private one needs a token.' : 'If it is private, the token must be allowed to read it.'
  throw fault('repositories', `GitHub shows no repository "${repository}". Check how it is written. ${hidden}`)
}

/** Looks at each repository once. */
export async function checkRepositories({ http, config }: { readonly http: Http; readonly config: Settings }): Promise<void> {
  const github = openGitHub(http, config)
  for (const repository of repositoriesOf(config.repositories))
    refuse(await github.get(`/repos/${repository}`, { allow: TOLD_BY_STATUS }), repository, config)
}

function fault(name: keyof Settings, message: string): ConfigError {
  return new ConfigError(message, { fields: [{ name, message }] })
}

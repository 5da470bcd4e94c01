import { defineConnector, type Context, type Partition } from '@handover/sdk'
import { checkRepositories } from './api.ts'
import { commits } from './commits.ts'
import { commitColumns, commitRow, issueColumns, issueRow } from './datasets.ts'
import { issues } from './issues.ts'
import { repositoriesOf, settings, type Settings } from './settings.ts'

/** One for each repository, named as in the settings. */
const partitions = ({ config }: Context<Settings>): Partition[] =>
  repositoriesOf(config.repositories).map((repository) => ({ key: repository, value: repository }))

export default defineConnector({
  name: 'github',
  title: 'GitHub',
  about: 'What happens in repositories at GitHub: issues, pull requests and commits, with who did what and when.',
  provider: {
    name: 'GitHub',
    url: 'https://docs.github.com/en/rest',
    licence: 'GitHub Terms of Service; what people wrote stays theirs',
    licenceUrl: 'https://docs.github.com/en/site-policy/github-terms/github-terms-of-service',
  },
  config: settings,
  check: checkRepositories,
  streams: {
    issues: { about: 'One record per issue or pull request, the one that was changed longest ago first.', partitions, extract: issues },
    commits: { about: 'One record per commit of the default branch, newest first.', partitions, extract: commits },
  },
  datasets: {
    issues: {
      from: 'issues',
      title: 'Issues and pull requests',
      about: 'One row per issue or pull request.',
      key: ['id'],
      load: 'merge',
      columns: issueColumns,
      transform: issueRow,
    },
    commits: {
      from: 'commits',
      title: 'Commits',
      about: 'One row per change that was put into the default branch.',
      key: ['repository', 'sha'],
      load: 'merge',
      columns: commitColumns,
      transform: commitRow,
    },
  },
})

import { instant } from '@handover/sdk'
import { z } from 'zod'

const repository = z.string().max(140).meta({ role: 'category' }).describe('The repository, owner/name')

/** Columns of issues and pull requests. */
export const issueColumns = z.object({
  id: z.int().meta({ role: 'identifier' }).describe('Number that GitHub gave, unique in all of GitHub'),
  repository,
  kind: z.enum(['issue', 'pull request']).meta({ role: 'category' }).describe('Issue, or pull request: a change that somebody proposes'),
  title: z.string().meta({ role: 'label' }).describe('What it is about'),
  state: z.enum(['open', 'closed']).meta({ role: 'category' }).describe('open, or closed'),
  reason: z.string().max(60).nullish().describe('Why it was closed: completed, not_planned, duplicate. Empty for pull requests'),
  author: z.string().max(100).nullish().meta({ personal: true }).describe('Who wrote it. Empty when the account was deleted'),
  labels: z.string().nullish().describe('Its labels, with commas between'),
  milestone: z.string().nullish().describe('The milestone it belongs to'),
  comments: z.int().describe('How many comments it has'),
  number: z.int().meta({ role: 'identifier' }).describe('Number in the repository, as in #12'),
  createdAt: instant().meta({ title: 'Created', role: 'time' }).describe('When it was written'),
  updatedAt: instant().meta({ title: 'Updated' }).describe('When something about it changed last'),
  closedAt: instant().nullish().meta({ title: 'Closed' }).describe('When it was closed. Empty while it is open'),
  mergedAt: instant()
    .nullish()
    .meta({ title: 'Merged' })
    .describe('When the change was taken over. Empty for issues and for changes that were not'),
  url: z.url().meta({ title: 'Page', role: 'url' }).describe('Its page at GitHub'),
})

/** Columns of commits. */
export const commitColumns = z.object({
  repository,
  sha: z.string().max(64).meta({ title: 'Commit', role: 'identifier' }).describe('Checksum that names the commit'),
  title: z.string().meta({ role: 'label' }).describe('First line of what was written about the change'),
  author: z.string().nullish().meta({ personal: true }).describe('Name of who made the change, as git has it'),
  login: z.string().max(100).nullish().meta({ personal: true }).describe('Their account at GitHub. Empty when the address belongs to none'),
  authoredAt: instant().nullish().meta({ title: 'Made' }).describe('When the change was made'),
  committedAt: instant().meta({ title: 'Committed', role: 'time' }).describe('When it was put into the repository'),
  isMerge: z.boolean().meta({ title: 'Merge' }).describe('True when it only brings other changes together'),
  url: z.url().meta({ title: 'Page', role: 'url' }).describe('Its page at GitHub'),
})

/** An issue as GitHub sends it, as far as it is read. */
interface Issue {
  readonly id: number
  readonly repository_url: string
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'closed'
  readonly state_reason?: string | null
  readonly user: { readonly login: string } | null
  readonly labels?: readonly (string | { readonly name?: string | null })[]
  readonly milestone?: { readonly title: string } | null
  readonly comments: number
  readonly created_at: string
  readonly updated_at: string
  readonly closed_at?: string | null
  /** Only pull requests have it. */
  readonly pull_request?: { readonly merged_at?: string | null }
  readonly html_url: string
}

/** Makes the row of one issue or pull request. */
export const issueRow = (raw: Issue): z.input<typeof issueColumns> => ({
  id: raw.id,
  repository: repositoryAt(raw.repository_url),
  number: raw.number,
  kind: raw.pull_request === undefined ? 'issue' : 'pull request',
  title: raw.title,
  state: raw.state,
  reason: raw.state_reason,
  author: raw.user?.login,
  labels: raw.labels?.map((label) => (typeof label === 'string' ? label : label.name)).join(', ') || null,
  milestone: raw.milestone?.title,
  comments: raw.comments,
  createdAt: raw.created_at,
  updatedAt: raw.updated_at,
  closedAt: raw.closed_at,
  mergedAt: raw.pull_request?.merged_at,
  url: raw.html_url,
})

/** A commit as GitHub sends it, as far as it is read. */
interface Commit {
  readonly sha: string
  readonly url: string
  readonly html_url: string
  readonly commit: {
    readonly message: string
    readonly author: { readonly name?: string; readonly date?: string } | null
    readonly committer: { readonly date: string } | null
  }
  /** The account; null, or without a login, when the address belongs to none. */
  readonly author: { readonly login?: string } | null
  readonly parents: readonly unknown[]
}

/** Makes the row of one commit. */
export const commitRow = ({ sha, url, html_url, commit, author, parents }: Commit): z.input<typeof commitColumns> => ({
  repository: repositoryAt(url),
  sha,
  title: commit.message.split('\n', 1)[0]!,
  author: commit.author?.name,
  login: author?.login,
  authoredAt: commit.author?.date,
  committedAt: commit.committer?.date ?? commit.author?.date ?? '',
  isMerge: parents.length > 1,
  url: html_url,
})

/** `owner/name` of an address such as `https://api.github.com/repos/owner/name/commits/…`. */
const repositoryAt = (address: string): string => /\/repos\/([^/]+\/[^/]+)/.exec(address)?.[1] ?? address

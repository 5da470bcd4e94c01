import { secret } from '@handover/sdk'
import { z } from 'zod'

const REPOSITORY = /^[\w.-]{1,39}\/[\w.-]{1,100}$/

/** Names of repositories, each once, as they were written. */
export function repositoriesOf(text: string): string[] {
  const names = text.split(/[,;\s]+/).filter((name) => name !== '')
  return names.filter((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index)
}

/** Settings of one source: some repositories. */
export const settings = z.object({
  repositories: z
    .string()
    .max(5000)
    .refine(
      (text) => repositoriesOf(text).length > 0 && repositoriesOf(text).every((name) => REPOSITORY.test(name)),
      'Write owner/name, such as sveltejs/svelte; several with commas between.',
    )
    .meta({ title: 'Repositories' })
    .describe('Which repositories, written owner/name, such as sveltejs/svelte; several with commas between'),
  token: secret()
    .optional()
    .meta({ title: 'Token' })
    .describe('Access token from GitHub that may read these repositories. Public ones work without, but only 60 requests an hour then'),
  from: z.iso
    .date()
    .optional()
    .meta({ title: 'From' })
    .describe('Day such as 2026-01-01: leaves out issues that were not touched since, and commits that are older; empty for all'),
  address: z
    .url()
    .default('https://api.github.com')
    .meta({ title: 'Address' })
    .describe(
      'Where GitHub answers; leave it as it is, unless your company has a GitHub of its own, such as https://github.example.com/api/v3',
    ),
})

/** Settings of one source, checked and with defaults. */
export type Settings = z.output<typeof settings>

import { join } from 'node:path'

/** The files as the formatter of the repository writes them; as they are where it is not installed, as in a production install. */
export async function formatted(files: Readonly<Record<string, string>>, folder: string): Promise<Record<string, string>> {
  const prettier = await import('prettier').catch(() => null)
  if (prettier === null) return { ...files }
  const made = Object.entries(files).map(async ([path, text]) => {
    if (path.startsWith('fixtures/')) return [path, text]
    const filepath = join(folder, path)
    // The style belongs to this repository, so the config is looked for from here when the folder lies elsewhere.
    const options = (await prettier.resolveConfig(filepath)) ?? (await prettier.resolveConfig(import.meta.filename))
    return [path, await prettier.format(text, { ...options, plugins: [], filepath })]
  })
  return Object.fromEntries(await Promise.all(made)) as Record<string, string>
}

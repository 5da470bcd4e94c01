/** A text as it stands in code, with the quotes that need fewer escapes. */
export function quoted(text: string): string {
  const json = JSON.stringify(text)
  const count = (mark: string) => text.split(mark).length - 1
  if (count("'") > count('"')) return json
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A name as the part of a way into a value: `.name`, or `['odd name']`. */
export const stepText = (name: string, isFirst: boolean): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `${isFirst ? '.' : '?.'}${name}` : `${isFirst ? '' : '?.'}[${quoted(name)}]`

/** A place in an answer as code: names joined by dots, or a function where a name holds a dot itself. */
export const codeOf = (path: readonly string[], of: string): string =>
  path.some((name) => name.includes('.')) ? `(page) => ${of}${path.map((name) => stepText(name, false)).join('')}` : quoted(path.join('.'))

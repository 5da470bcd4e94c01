const NEEDS_QUOTES = /[",\r\n]/

/**
 * One line of CSV after RFC 4180, with its line end. A missing value is an empty field, an empty text is `""`, so they can be told apart.
 * Texts go out as they are: a cell that begins with `=` is not changed, because the file is data before it is a spreadsheet.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\r\n`
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

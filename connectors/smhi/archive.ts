import { odd } from './levels.ts'

/**
 * The lines with values in a file of the archive. Above them stand tables about the station, the parameter and its positions, each with a head of
 * its own; the one with values is known by its column of quality. Throws a `SourceError` when there is none.
 */
export function valueLines(text: string): string[] {
  const lines = text.split(/\r?\n/)
  const head = lines.findIndex((line) => line.split(';').includes('Kvalitet'))
  if (head === -1) throw odd('The file has no column "Kvalitet".')
  return lines.slice(head + 1).filter((line) => line !== '')
}

/** One value of the archive. */
export interface ArchiveValue {
  /** The day or month it stands for, or its moment: text that `instant()` takes. */
  readonly time: string
  readonly value: string | undefined
  readonly quality: string | undefined
}

/**
 * Takes a line apart: `date;time;value;quality`, or `from;to;day or month it stands for;value;quality`. Behind them notes for people may stand,
 * which belong to the file and not to the value.
 */
export function readLine(line: string): ArchiveValue {
  const [first = '', second, third, fourth, fifth] = line.split(';')
  if (/^\d{4}-\d\d-\d\d$/.test(first)) return { time: `${first}T${second}Z`, value: third, quality: fourth }
  return { time: startOf(third ?? ''), value: fourth, quality: fifth }
}

/** The last moment of these lines, in milliseconds since 1970; 0 when there is none. */
export function lastMoment(lines: readonly string[]): number {
  const last = lines.reduce((latest, line) => {
    const { time } = readLine(line)
    return /^\d{4}-/.test(time) && time > latest ? time : latest
  }, '')
  return last === '' ? 0 : Date.parse(last)
}

/** The first moment of a day (2026-05-01) or month (2026-05), in UTC as all times of SMHI. */
export const startOf = (period: string): string => `${period}${period.length === 7 ? '-01' : ''}T00:00:00Z`

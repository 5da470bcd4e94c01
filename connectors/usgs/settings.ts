import { z } from 'zod'

const degrees = (limit: number) => z.number().min(-limit).max(limit).optional()

/** A box on the map; longitudes go beyond 180 where it lies across the date line. */
const box = {
  south: degrees(90).describe('Only events north of this latitude. Leave all four empty for the whole world'),
  north: degrees(90).describe('Only events south of this latitude'),
  west: degrees(360).describe('Only events east of this longitude, such as 10; -170 is west of Greenwich'),
  east: degrees(360).describe('Only events west of this longitude. More than 180 where the box lies across the date line: 170 to 190'),
}

/** Settings of one source. */
export const config = z
  .object({
    magnitude: z
      .number()
      .min(-2)
      .max(10)
      .default(4.5)
      .meta({ title: 'Magnitude from' })
      .describe('How strong an event must be. There are about 20 a day of 4.5 and more, 150 of 2 and more'),
    since: z.iso.date().default('2026-01-01').meta({ title: 'From' }).describe('First day to load; it can be moved back later'),
    ...box,
  })
  .superRefine((given, context) => {
    const fault = (name: keyof typeof box, message: string): void => context.addIssue({ code: 'custom', path: [name], message })
    const edges = Object.keys(box) as (keyof typeof box)[]
    const missing = edges.filter((edge) => given[edge] === undefined)
    if (missing.length === edges.length) return
    for (const edge of missing) fault(edge, 'A box needs all four sides; leave all of them empty for the whole world.')
    if (missing.length > 0) return
    if (given.north! <= given.south!) fault('north', 'North must be more than south.')
    if (given.east! <= given.west!)
      fault('east', 'East must be more than west. Across the date line write more than 180, such as 170 to 190.')
    else if (given.east! - given.west! > 360) fault('east', 'This goes around the earth more than once.')
  })

/** The settings as the connector reads them. */
export type Config = z.output<typeof config>

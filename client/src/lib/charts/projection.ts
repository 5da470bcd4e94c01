import { geoProjection, type GeoProjection } from 'd3-geo'

const EQUIRECTANGULAR = Math.PI / 2
const PATTERSON = patterson(Math.PI / 2)
const MILLER = miller(Math.PI / 2)

/** Patterson's cylindrical projection (2014, polynomial by Šavrič): pleasant, with poles that stay small. */
function patterson(phi: number): number {
  const square = phi * phi
  return phi * (1.0148 + square * square * (0.23185 + square * (-0.14499 + square * 0.02406)))
}

/** Miller's cylindrical projection (1942): Mercator, calmed at four fifths of the latitude. */
function miller(phi: number): number {
  return 1.25 * Math.log(Math.tan(Math.PI / 4 + 0.4 * phi))
}

/**
 * A world map that fills a sheet of this shape (width divided by height, between 1.36 and 2): a blend of the two cylindrical
 * projections next to it. Meridians stay upright, so a position reads straight off the map.
 */
export function worldProjection(aspect: number): GeoProjection {
  const half = Math.min(MILLER, Math.max(EQUIRECTANGULAR, Math.PI / aspect))
  const flat = half < PATTERSON
  const share = flat ? (half - EQUIRECTANGULAR) / (PATTERSON - EQUIRECTANGULAR) : (half - PATTERSON) / (MILLER - PATTERSON)
  const height = (phi: number) => (flat ? (1 - share) * phi + share * patterson(phi) : (1 - share) * patterson(phi) + share * miller(phi))
  return geoProjection((lambda, phi) => [lambda, height(phi)])
}

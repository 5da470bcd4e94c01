import type { FeatureCollection, MultiLineString } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import url from 'world-atlas/countries-110m.json?url'

/** Land and borders of the world (Natural Earth, 1:110 million), as shipped with the dashboard. */
export interface World {
  land: FeatureCollection
  borders: MultiLineString
}

/** Fetches the shapes from our own host; the browser keeps them. */
export async function loadWorld(): Promise<World> {
  const answer = await fetch(url)
  const topology = (await answer.json()) as Topology<{ countries: GeometryCollection; land: GeometryCollection }>
  return {
    land: feature(topology, topology.objects.land),
    borders: mesh(topology, topology.objects.countries, (a, b) => a !== b),
  }
}

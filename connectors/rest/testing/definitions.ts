/** A forge: Link paging, a bearer token, a cursor that is asked for inclusively. */
export const FORGE = `url: https://api.forge.example
auth: { kind: bearer }
streams:
  issues:
    path: /repos/handover/handover/issues
    about: One row per issue.
    query: { state: all, sort: updated, direction: asc, per_page: 2, since: "{cursor}" }
    paging: { kind: link }
    cursor: { field: updated_at, start: "2026-01-01T00:00:00Z", oldestFirst: true }
    columns:
      author: { path: user.login, personal: true }
      user: { leaveOut: true }
      depth: { path: labels.0.name }
`

/** A stock system: a key in a header, records that are skipped, exact prices and times in seconds. */
export const STOCK = `url: https://stock.example/api/v2
auth: { kind: key, name: X-Api-Key }
provider: { name: Stock AB, url: https://stock.example, licence: Own data }
streams:
  articles:
    path: /articles
    records: data.articles
    paging: { kind: offset, size: 2, total: meta.total }
    load: replace
    key: [articleNo]
    columns:
      price: { type: "decimal(12,2)", unit: SEK, about: Price with VAT }
      changed: { type: unixtime }
      articleNo:
      count: { path: stock.count, type: int }
      place: { path: stock.place }
      name:
    otherColumns: false
`

/** Parks with numbered pages, and the rides of each park. */
export const PARKS = `url: https://parks.example
streams:
  parks:
    path: /parks
    paging: { kind: page, size: 2, sizeParam: size }
  rides:
    parent: parks
    path: /parks/{parent.id}/rides.json
    records: rides
    columns:
      park: { path: "{parent.name}" }
`

/** Prices of areas, each asked for on its own. */
export const PRICES = `url: https://prices.example/v1
streams:
  prices:
    path: /prices/{partition}
    query: { since: "{cursor}" }
    partitions: [SE3, SE4]
    cursor: { field: hour, start: 2026-01-01 }
    key: [partition, hour]
`

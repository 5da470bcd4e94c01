/** What the definition of a new source begins with. */
export const EXAMPLE = `# The address of the API; everything below is read from there.
url: https://api.example.com/v1

# How the API knows who asks: none, key, bearer, basic or oauth2.
# The key itself stands below, in a field of its own.
auth:
  kind: none

# Each stream is a list of the API and becomes a table.
streams:
  orders:
    path: /orders
    # How the list goes on: none, link, page, offset, token or url.
    paging:
      kind: none
`

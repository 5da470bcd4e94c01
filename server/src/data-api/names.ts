const RESERVED = new Set(['true', 'false', 'null'])

/** Name of a source in GraphQL: slug `web-shop` is field `webShop`. */
export function sourceField(slug: string): string {
  return slug.replace(/-+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '')
}

/**
 * Name of a dataset or column in GraphQL. The SDK lets only letters, digits and `_` through; words that GraphQL lets no enumeration
 * have get a `_` behind, so two names may become one: who calls looks for that.
 */
export const graphqlName = (name: string): string => (RESERVED.has(name) ? `${name}_` : name)

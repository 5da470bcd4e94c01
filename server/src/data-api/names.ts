const RESERVED = new Set(['and', 'or', 'not', 'true', 'false', 'null'])

/** Name of a source in GraphQL: slug `web-shop` is field `webShop`. */
export function sourceField(slug: string): string {
  return slug.replace(/-+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '')
}

/**
 * A name that GraphQL takes, made from any name of a dataset or column: letters, digits and `_`, not beginning with a digit or `__`.
 * Words that filters and enumerations need for themselves get a `_` behind. Two names may become one; who calls must look for that.
 */
export function graphqlName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^__+/, '_')
  const begun = /^\d/.test(plain) || plain === '' ? `_${plain}` : plain
  return RESERVED.has(begun) ? `${begun}_` : begun
}

import type { Provider } from './contract.ts'

const NEEDED = ['name', 'url', 'licence'] as const
const OPTIONAL = ['licenceUrl', 'attribution'] as const
const LONGEST = 300

/** A sentence for each rule that a provider breaks; none when nobody is named. What passes can stand on a page as it is. */
export function providerFaults(provider: Provider | undefined): string[] {
  if (provider === undefined) return []
  if (typeof provider !== 'object' || provider === null) return ['Its provider must be an object with name, url and licence.']
  const given = OPTIONAL.filter((part) => provider[part] !== undefined)
  return [...NEEDED, ...given].flatMap((part) => partFault(part, provider[part]) ?? [])
}

function partFault(part: keyof Provider, text: unknown): string | null {
  if (typeof text !== 'string' || text.trim() === '') return `Its provider has no ${part}.`
  if (text.length > LONGEST) return `Its provider's ${part} is longer than ${LONGEST} characters.`
  const isAddress = part === 'url' || part === 'licenceUrl'
  return isAddress && !isWebAddress(text) ? `Its provider's ${part} must be a web address that begins with http:// or https://.` : null
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

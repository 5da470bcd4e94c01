/** Passwords that stand in examples and manuals, and so protect nothing. */
const SAMPLES =
  /^(?:<.*>|\[.*\]|\$\{.*\}|(?:my|your|the|a)?[-_ ]?(?:secret|password|passwort|passphrase|pass|key|token)\d*|change[-_ ]?(?:me|this|it)\d*|example|sample|handover|letmein|admin|root|test|12345678\d*|qwerty\w*)$/i
const SHORTEST = 8
const KEY = /^[0-9a-f]{64}$/i
/** Random keys of 64 digits have at least this many different ones but for one in a billion. */
const LEAST_DIGITS = 8

/** User information, host and rest of an address; a list of hosts counts as one. */
const PARTS = /^([a-z+]+:\/\/)(?:([^@/]*)@)?([^/?]*)(.*)$/i
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i

type AddressSetting = 'DATABASE_URL' | 'MONGODB_URL'
const passwordSetting = (name: AddressSetting): string => name.replace('URL', 'PASSWORD')

/** The address with a password that was given by itself in it; a fault when the two do not fit. An empty password changes nothing. */
export function withPassword(name: AddressSetting, url: string, password: string): { url: string; fault: string | null } {
  if (password === '') return { url, fault: null }
  const [, scheme = '', user = '', host = '', rest = ''] = PARTS.exec(url) ?? []
  const refused = (what: string) => ({ url, fault: `${passwordSetting(name)} is set, ${what}` })
  if (user === '') return refused(`but ${name} names no user. Write the user before the host: user@host.`)
  if (user.includes(':')) return refused(`and ${name} holds a password too. Take one of them away.`)
  return { url: `${scheme}${user}:${encodeURIComponent(password)}@${host}${rest}`, fault: null }
}

/** What is wrong with the password in an address, as no or one fault. On this machine any will do, and MongoDB may be without users. */
export function passwordFault(name: AddressSetting, url: string): string[] {
  const [, , user = '', host = ''] = PARTS.exec(url) ?? []
  if (LOCAL.test(host) || (name === 'MONGODB_URL' && user === '')) return []
  const password = decoded(user.slice(user.indexOf(':') + 1))
  if (!user.includes(':') || password === '')
    return user === '' ? [] : [`${name} has a user without a password. Give it in ${passwordSetting(name)}.`]
  const weak = weakness(password)
  return weak === null ? [] : [`The password in ${name} ${weak} Give the user of the database a random one.`]
}

/** What is wrong with the key that seals secrets, as no or one fault. */
export function keyFault(key: string): string[] {
  if (KEY.test(key) && new Set(key.toLowerCase()).size >= LEAST_DIGITS) return []
  const why = KEY.test(key) ? 'is not random' : 'must be 64 hexadecimal digits'
  return [`HANDOVER_SECRET_KEY ${why}. Make one with: openssl rand -hex 32`]
}

function weakness(password: string): string | null {
  if (SAMPLES.test(password)) return 'is one out of an example, which anybody can guess.'
  return password.length < SHORTEST ? `is too short: it must have at least ${SHORTEST} characters.` : null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

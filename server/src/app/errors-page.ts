import { ERRORS } from '../shared/errors.ts'
import { GRAPHQL_CODES } from './error-masking.ts'

/** Codes of what connectors meet; a load carries them as its error, and quarantine as its reason. */
export const SOURCE_CODES: Readonly<Record<string, string>> = {
  ADDRESS_INVALID: 'An address in the settings or in an answer cannot be used. Check its spelling.',
  ADDRESS_PRIVATE: 'The address lies in a private network. If that is meant, add it to `HANDOVER_PRIVATE_HOSTS`.',
  SOURCE_BUSY: 'The source asked to wait for longer than a load may. The load is tried again later.',
  SOURCE_ENCODING: 'The answer is compressed or encoded in a way that cannot be read. Ask who runs the source.',
  SOURCE_FORBIDDEN: 'The source knows who asks and says no. Ask for access.',
  SOURCE_INCOMPLETE: 'The answer ended before it was whole. The load is tried again later.',
  SOURCE_NOT_FOUND: 'The source has nothing at this address. Check the address in the settings.',
  SOURCE_NOT_JSON: 'The answer is not JSON. Often it is an error page: open the address in a browser.',
  SOURCE_NOT_TEXT: 'The answer is not text in the encoding that it names. Ask who runs the source.',
  SOURCE_PAGING: 'The pages of the source lead in a circle or nowhere. Ask who runs the source.',
  SOURCE_REDIRECT: 'The source sends us somewhere that is not followed. Put the final address into the settings.',
  SOURCE_SHAPE: 'The answer has another form than the connector knows. Look for a newer connector, or mend it.',
  SOURCE_TOO_LARGE: 'One answer is larger than may be held. Ask the source for smaller pages.',
  SOURCE_UNAUTHORISED: 'The source does not accept the credentials. Renew them in the settings.',
  SOURCE_UNREACHABLE: 'The source cannot be reached. Check the address and the network; the load is tried again later.',
  CONNECTOR_INVALID: 'The connector in its folder cannot be used. The message names file and line.',
  RECORD_UNREADABLE: 'The record itself cannot be read, for example a broken line of a file.',
  ROW_INVALID: 'A value does not fit its column; the column is named beside.',
  KEY_INVALID: 'A column of the key is missing or does not fit, so the row cannot be told from others.',
  TRANSFORM_FAILED: 'The connector stopped with an error while it made rows of the record.',
  TRANSFORM_INVALID: 'The connector made something of the record that is no row.',
}

/** Codes of the HTTP server, outside of GraphQL. */
export const HTTP_CODES: Readonly<Record<string, string>> = {
  HOST_REFUSED: 'The server was called by a name that is not its own. Use localhost, or add the name to `HANDOVER_ALLOWED_HOSTS`.',
  SERVER_UNREACHABLE: 'The dashboard runs, but the server behind it does not answer. It may be starting or stopped: look at its log.',
}

/** The page `docs/reference/errors.md`, made from the tables of codes. */
export function errorsPage(): string {
  const table = (rows: Readonly<Record<string, string>>) => {
    const lines = Object.entries(rows).map(([code, text]) => `| \`${code}\` | ${text} |`)
    return `| code | what it means and what to do |\n| --- | --- |\n${lines.join('\n')}`
  }
  const own = Object.fromEntries(Object.entries(ERRORS).map(([code, { title, todo }]) => [code, `${title}. ${todo}`]))
  return `# Errors

Every error has a code that never changes its meaning, and a sentence that says what happened and what to try. In GraphQL the code stands in
\`extensions.code\`; settings at fault are listed in \`extensions.fields\`, named by their
place in the input (\`config.url\`, \`schedule.every\`). What is not in these tables is a fault of Handover: it answers
\`INTERNAL\` with a \`requestId\`, under which the log holds the details. A connector may add codes of its own; its page names them.

## Handover

${table(own)}

## GraphQL and HTTP

${table({ ...GRAPHQL_CODES, ...HTTP_CODES })}

## Sources and records

A load that fails carries one of these, a record that was set aside another one.

${table(SOURCE_CODES)}
`
}

/** Asks the server what stands in the query box. Plain browser code: it is sent as it is, and its hash stands in the page's policy. */
export const queryBoxScript = String.raw`
'use strict'
const element = (id) => document.getElementById(id)
const example = 'query {\n  datasets {\n    title\n    rows\n    loadedAt\n    sourceField\n    field\n  }\n}\n'
if (element('query').value === '') element('query').value = example

async function run() {
  const say = (text, answer) => { element('state').textContent = text; if (answer !== undefined) element('answer').textContent = answer }
  let variables
  try {
    variables = JSON.parse(element('variables').value || '{}')
  } catch (error) {
    return say('The variables are not JSON.', String(error.message))
  }
  element('run').disabled = true
  say('Asking…')
  const begun = performance.now()
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: element('query').value, variables }),
    })
    // The text as it came, not parsed: numbers keep their digits.
    say('Answered in ' + Math.round(performance.now() - begun) + ' ms.', indented(await response.text()))
  } catch {
    say('The server does not answer. Is Handover still running?')
  } finally {
    element('run').disabled = false
  }
}

function indented(json) {
  let depth = 0
  const line = () => '\n' + '  '.repeat(depth)
  return json.replace(/"(?:[^"\\]|\\.)*"|[[{]\s*[\]}]|[[{]|[\]}]|,|:/g, (part) => {
    if (part[0] === '"' || part.length > 1) return part
    if (part === ',') return part + line()
    if (part === ':') return ': '
    if (part === '[' || part === '{') { depth += 1; return part + line() }
    depth -= 1
    return line() + part
  })
}

element('run').addEventListener('click', run)
addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run() })
`

/** Loads Apollo Sandbox when its button is pressed, and says what to do when that does not work. */
export const sandboxScript = (host: string) => `
element('sandbox-open').addEventListener('click', () => {
  const button = element('sandbox-open')
  const failed = () => { button.disabled = false; element('sandbox-state').textContent = ''; element('sandbox-failed').hidden = false }
  button.disabled = true
  element('sandbox-state').textContent = 'Loading from apollographql.com…'
  const script = document.createElement('script')
  script.src = '${host}/v2/embeddable-sandbox.umd.production.min.js'
  script.onerror = failed
  script.onload = () => {
    try {
      new window.EmbeddedSandbox({
        target: '#sandbox', initialEndpoint: location.origin + '/graphql', endpointIsEditable: false, runTelemetry: false, hideCookieToggle: true,
        initialState: { document: element('query').value, includeCookies: false },
      })
      document.body.classList.add('open')
    } catch { failed() }
  }
  document.head.append(script)
})
`

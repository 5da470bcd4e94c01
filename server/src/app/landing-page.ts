import { createHash } from 'node:crypto'
import { queryBoxScript, sandboxScript } from './landing-scripts.ts'
import { landingStyle } from './landing-style.ts'

const SANDBOX_SCRIPTS = 'https://embeddable-sandbox.cdn.apollographql.com'
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com'

/** A page of ours and the policy that it needs. */
export interface LandingPage {
  readonly html: string
  readonly contentSecurityPolicy: string
}

/**
 * What a browser sees at `/graphql`: a plain query box that works without any other host, and a button for Apollo Sandbox.
 * Nothing is asked of apollographql.com before the button is pressed.
 */
export function landingPage(sandbox: boolean): LandingPage {
  const script = sandbox ? queryBoxScript + sandboxScript(SANDBOX_SCRIPTS) : queryBoxScript
  const contentSecurityPolicy = [
    `default-src 'none'`,
    `connect-src 'self'`,
    `img-src 'self'`,
    `script-src 'sha256-${hash(script)}'${sandbox ? ` ${SANDBOX_SCRIPTS}` : ''}`,
    // The Sandbox styles its own frame from within its script.
    `style-src ${sandbox ? `'unsafe-inline'` : `'sha256-${hash(landingStyle)}'`}`,
    ...(sandbox ? [`frame-src ${SANDBOX_FRAME}`] : []),
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
  return { html: pageHtml(script, sandbox ? sandboxPart : ''), contentSecurityPolicy }
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64')

const sandboxPart = `<section aria-labelledby="sandbox-title">
<h2 id="sandbox-title">Apollo Sandbox</h2>
<p>A richer editor with completion and the whole schema. It is a page of Apollo: your browser then loads it from <strong>apollographql.com</strong>,
and nothing is asked of that host before you press the button. Your questions go straight to this server; the page of Apollo shows the answers,
so it can read them.</p>
<p><button id="sandbox-open" type="button">Open Apollo Sandbox</button> <span id="sandbox-state" role="status"></span></p>
<p id="sandbox-failed" class="warning" hidden>Apollo Sandbox could not be reached. Check that this browser may reach apollographql.com (a proxy or
an ad blocker may stop it), then reload this page and try again. The box above needs no other host, and neither does any GraphQL client on this
computer that is given the address of this page.</p>
</section>
`

const pageHtml = (script: string, sandbox: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg">
<title>GraphQL · Handover</title>
<style>${landingStyle}</style>
</head>
<body>
<div id="sandbox"></div>
<main>
<p><a href="/">Handover</a></p>
<h1>GraphQL</h1>
<p>Ask for exactly the data you need. Every dataset is a field here, with filters, sorting, paging and groups.</p>
<section aria-labelledby="box-title">
<h2 id="box-title">Query box</h2>
<label for="query">Question</label>
<textarea id="query" spellcheck="false" autocapitalize="off" rows="12"></textarea>
<label for="variables">Variables, as JSON</label>
<textarea id="variables" spellcheck="false" autocapitalize="off" rows="3">{}</textarea>
<p><button id="run" type="button">Run</button> <span class="hint">or Ctrl + Enter.</span> <span id="state" role="status"></span></p>
<h3 id="answer-title">Answer</h3>
<pre id="answer" tabindex="0" role="region" aria-labelledby="answer-title">Nothing was asked yet.</pre>
</section>
${sandbox}</main>
<script>${script}</script>
</body>
</html>
`

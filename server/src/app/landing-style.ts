/** Style of the page at `/graphql`, in the colours of the dashboard. */
export const landingStyle = `
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e7ebf0); --soft: light-dark(#5a6675, #9aa7b6); --ground: light-dark(#f7f8fa, #12171e);
  --card: light-dark(#ffffff, #1a212b); --line: light-dark(#d5dbe3, #313b48); --accent: light-dark(#0b5cad, #7db7f5); --on-accent: light-dark(#ffffff, #0c1520);
  --warning: light-dark(#8a4b00, #f0b35e) }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.6rem; margin: 0 0 .5rem }
h2 { font-size: 1.1rem; margin: 0 0 .5rem }
a { color: var(--accent) }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; margin-top: 1.25rem }
label, h3 { display: block; font-size: 1rem; font-weight: 600; margin: .5rem 0 .25rem }
textarea, pre { width: 100%; margin: 0; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); color: var(--ink);
  font: .875rem/1.5 ui-monospace, monospace; tab-size: 2 }
textarea { resize: vertical }
pre { overflow: auto; max-height: 32rem; white-space: pre-wrap; overflow-wrap: anywhere }
button { font: inherit; font-weight: 600; padding: .5rem 1rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--on-accent); cursor: pointer }
button:disabled { opacity: .6; cursor: progress }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.hint, [role=status] { color: var(--soft) }
.warning { color: var(--warning) }
.open main { display: none }
.open #sandbox { position: fixed; inset: 0 }
.open #sandbox iframe { width: 100%; height: 100%; border: 0 }
`

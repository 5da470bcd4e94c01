/** Style of the page at `/graphql`, in the colours of the dashboard. */
export const landingStyle = `
:root { color-scheme: light dark; --ink: light-dark(oklch(0.262 0.028 238), oklch(0.945 0.008 210)); --soft: light-dark(oklch(0.505 0.023 232), oklch(0.705 0.017 220)); --ground: light-dark(oklch(0.972 0.006 205), oklch(0.188 0.013 232));
  --card: light-dark(oklch(0.995 0.002 205), oklch(0.228 0.015 232)); --line: light-dark(oklch(0.905 0.009 212), oklch(0.315 0.017 232)); --accent: light-dark(oklch(0.435 0.083 228), oklch(0.8 0.088 218)); --on-accent: light-dark(oklch(0.99 0.003 205), oklch(0.21 0.03 235));
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

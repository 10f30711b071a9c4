"""The look of the API reference: the dashboard's calm, in one small sheet, light and dark by the system's wish."""

CSS = """\
:root {
  color-scheme: light dark;
  --text: #1c2024; --dim: #60646c; --page: #ffffff; --soft: #f6f7f9; --line: #e3e5e9; --link: #1f5fd0;
  --get: #1f6f4a; --post: #1f5fd0; --put: #8a5a00; --patch: #8a5a00; --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e8eb; --dim: #9ba1a8; --page: #14161a; --soft: #1b1e23; --line: #2b2f36; --link: #8ab4ff;
    --get: #6fd3a0; --post: #8ab4ff; --put: #f0c060; --patch: #f0c060; --delete: #ff9a90;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre { font: 13px/1.5 ui-monospace, "JetBrains Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.frame { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 78rem; margin: 0 auto; }
nav {
  position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 3rem 1.5rem;
  border-right: 1px solid var(--line); font-size: 14px;
}
nav h2 { margin: 1.4rem 0 .3rem; font-size: 12px; color: var(--dim); font-weight: 600; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .18rem 0; color: var(--text); overflow-wrap: anywhere; }
nav .home { font-weight: 650; font-size: 16px; color: var(--text); }
main { padding: 1.5rem 2.5rem 6rem; min-width: 0; }
h1 { font-size: 26px; margin: 0 0 .3rem; letter-spacing: -.01em; }
main > h2 { margin: 3rem 0 .5rem; font-size: 20px; }
h3 { margin: 0; font-size: 15px; font-weight: 600; }
h4 { margin: 1.1rem 0 .4rem; font-size: 13px; color: var(--dim); font-weight: 600; }
p { margin: .4rem 0; max-width: 46rem; }
.dim { color: var(--dim); }
article { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; overflow: hidden; }
article > header {
  display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap; padding: .7rem 1rem; background: var(--soft);
}
article > header h3 { margin-left: auto; font-weight: 500; color: var(--dim); }
article > div { padding: .3rem 1rem 1rem; }
.method { font: 600 12px/1 ui-monospace, Menlo, Consolas, monospace; text-transform: uppercase; min-width: 3.2rem; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
.patch { color: var(--patch); } .delete { color: var(--delete); }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; font-size: 12px; color: var(--dim); }
th, td { padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td:first-child { white-space: nowrap; }
.scroll { overflow-x: auto; }
@media (max-width: 800px) {
  .frame { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem; }
  main { padding: 1rem 1rem 4rem; }
  td:first-child { white-space: normal; }
}
"""

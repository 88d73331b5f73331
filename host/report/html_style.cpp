#include "host/report/html_page.h"

namespace matinee::host {

// Without <, & and quotes of HTML, so that the page stays well-formed XML.
const char* const kHtmlStyle = R"css(:root {
  color-scheme: light dark;
  --paper: #faf8f5; --card: #ffffff; --ink: #211f1c; --muted: #6a655d; --line: #e5e0d8; --accent: #a61c2c;
  --best: #fbeceb; --stripe: #f6f3ee;
  --c0: #2563c9; --c1: #d4581b; --c2: #15846a; --c3: #a8327f; --c4: #94720a; --c5: #6849c4; --c6: #c0343a; --c7: #59677a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161513; --card: #1f1e1b; --ink: #ece8e1; --muted: #a49d92; --line: #37342f; --accent: #ff8a8f;
    --best: #3a2426; --stripe: #262421;
    --c0: #74a5ff; --c1: #ff9c66; --c2: #4fcba6; --c3: #ec86c9; --c4: #dcb94e; --c5: #ab97ff; --c6: #ff8080; --c7: #a3b3c6;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1160px; padding: clamp(20px, 4vw, 48px) clamp(16px, 4vw, 40px) 40px;
  background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
}
h1 { margin: 0; font-size: clamp(28px, 5vw, 40px); line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 {
  margin: 52px 0 14px; padding-top: 14px; border-top: 2px solid var(--ink); font-size: 22px; line-height: 1.25;
  letter-spacing: -0.01em; scroll-margin-top: 12px;
}
h3 { margin: 28px 0 10px; font-size: 16px; }
p { margin: 0 0 12px; max-width: 78ch; }
small { color: var(--muted); font-size: 12px; font-weight: 400; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; }
.kicker { margin-bottom: 6px; color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; }
.lead { margin: 12px 0 24px; color: var(--muted); font-size: 17px; overflow-wrap: anywhere; }
.hint, .protocol { color: var(--muted); font-size: 13.5px; }
.protocol { margin: 8px 0 20px; overflow-wrap: anywhere; }
.protocol b { color: var(--ink); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); gap: 1px; margin: 0; overflow: hidden;
  border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.tiles div { padding: 12px 14px; box-shadow: 0 0 0 1px var(--line); }
.tiles dt { color: var(--muted); font-size: 12px; }
.tiles dd { margin: 2px 0 0; font-size: 17px; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }

nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 22px; font-size: 14px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.scroll { position: relative; width: fit-content; min-width: min(100%, 560px); max-width: 100%; margin-bottom: 10px; overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: 10px 14px; color: var(--muted); font-size: 13px; text-align: left; }
th, td { padding: 7px 14px; border-top: 1px solid var(--line); text-align: right; white-space: nowrap; }
thead th { color: var(--muted); font-size: 12.5px; font-weight: 600; vertical-align: bottom; }
thead th small { display: block; }
th:first-child, .text { text-align: left; }
tbody th { font-weight: 600; }
.scroll th:first-child { position: sticky; left: 0; background: var(--card); }
tbody tr:hover td, tbody tr:hover th { background: var(--stripe); }
.best, tbody tr:hover .best { background: var(--best); }
.best strong { color: var(--accent); }
.none { color: var(--muted); }
td.text { white-space: normal; min-width: 13em; }

.figures, .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 310px), 1fr)); gap: 16px; margin: 4px 0 16px; align-items: start; }
figure, .card { margin: 0; padding: 14px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); break-inside: avoid; min-width: 0; }
figcaption { margin-bottom: 8px; font-size: 14px; font-weight: 600; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
svg .tick { fill: var(--muted); font-size: 11px; }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg .strong { font-weight: 700; }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--muted); stroke-width: 1; fill: none; }
.line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.mark { fill: var(--c); stroke: var(--card); stroke-width: 1; }
.bar { fill: var(--c); }
.column { --c: var(--accent); }
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
.line.d1 { stroke-dasharray: 6 4; } .line.d2 { stroke-dasharray: 1 4; }
.bar.d1 { fill-opacity: 0.65; } .bar.d2 { fill-opacity: 0.4; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 6px 0 0; padding: 0; list-style: none; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 7px; min-width: 0; overflow-wrap: anywhere; }
.legend svg { flex: none; width: 22px; height: 8px; }

.card { padding: 0; overflow: hidden; }
.card caption { padding: 12px 16px; color: var(--ink); font-size: 14px; }
.card th, .card td { padding: 6px 16px 6px 0; font-size: 14px; }
.card tbody th { font-weight: 400; white-space: normal; overflow-wrap: anywhere; }
.card .rank { width: 44px; padding-left: 16px; padding-right: 12px; color: var(--muted); text-align: right; }
.chip { margin-left: 6px; padding: 2px 9px; border: 1px solid var(--line); border-radius: 99px; color: var(--muted); font-size: 12px; }

.notes { padding-left: 20px; }
.notes li { margin-bottom: 4px; max-width: 78ch; }
details { margin-bottom: 8px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
summary { padding: 10px 14px; cursor: pointer; font-weight: 600; }
details .scroll { width: auto; margin: 0; border-width: 1px 0 0; border-radius: 0 0 10px 10px; }
details p { padding: 0 14px; }
.parameters { width: auto; min-width: min(100%, 420px); }
.parameters tbody th { font-weight: 400; }
pre { margin: 0; padding: 14px; overflow-x: auto; border-top: 1px solid var(--line); line-height: 1.5; }
footer { margin-top: 48px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--muted); font-size: 13px; }

@media (max-width: 560px) { th, td { padding: 7px 10px; } }
@media print {
  :root { --paper: #fff; --best: #f4eeee; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav { display: none; }
  .scroll { overflow: visible; }
  th, td { padding: 4px 7px; font-size: 9pt; }
  h2, h3 { break-after: avoid; }
  tr { break-inside: avoid; }
  svg, .best { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace matinee::host

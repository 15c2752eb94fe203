#pragma once

namespace esmm::report {

// The report's style sheet. Colours c1 to c5 are told apart by colour-blind readers (after Okabe and Ito) and
// have a contrast of 4.5 or more to the background of their scheme; c0 is the grey of references.
inline constexpr const char* kStyle = R"(
:root{--back:#fff;--panel:#f6f7f9;--ink:#1b1f24;--soft:#57606a;--rule:#d8dee4;--grid:#e6e9ed;
--c0:#6e7781;--c1:#0067a8;--c2:#bf4a00;--c3:#007458;--c4:#a03a86;--c5:#7a5f00;--good:#007458;--care:#bf4a00}
@media (prefers-color-scheme:dark){:root{--back:#14171c;--panel:#1c2128;--ink:#e6e9ed;--soft:#a3adb8;--rule:#39414b;--grid:#2b323a;
--c0:#8b95a0;--c1:#62b6f0;--c2:#ff9c52;--c3:#3fcf9f;--c4:#e795d3;--c5:#e4c850;--good:#3fcf9f;--care:#ff9c52}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 24px 60px}
h1{font-size:26px;line-height:1.25;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:20px;margin:44px 0 10px;padding-top:14px;border-top:1px solid var(--rule)}
#summary h2{border:0;margin-top:22px;padding:0}
h3{font-size:16px;margin:28px 0 2px}
h4{font-size:14px;font-weight:600;margin:0 0 4px}
p{margin:6px 0 12px;max-width:80ch}
.lead{color:var(--soft);margin:0 0 10px}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:18px;margin-top:12px}
figure{margin:0;padding:14px 16px 12px;background:var(--panel);border:1px solid var(--rule);border-radius:8px;min-width:0}
figure.wide{margin-top:16px}
figcaption{font-size:13px;color:var(--soft);margin-top:6px;max-width:95ch}
.scroll{overflow-x:auto}
figure.wide svg{min-width:760px}
svg{display:block;width:100%;height:auto}
svg text{font-size:12px;fill:var(--soft)}
svg text.label{fill:var(--ink)}
svg text.undefined{fill:var(--soft);font-style:italic}
p.undefined{color:var(--soft);font-style:italic;margin:24px 0}
.c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}
.line{fill:none;stroke:var(--c);stroke-width:1.9;stroke-linejoin:round}
.c0 .line,.line.c0{stroke-width:1.2}
.dashed{stroke-dasharray:5 4}
.fill{fill:var(--c);fill-opacity:.2;stroke:none}
.dot{fill:var(--c)}
.whisker{stroke:var(--c);stroke-width:1.6;fill:none}
.note{fill:var(--c);fill-opacity:0;pointer-events:all}
.note:hover{fill-opacity:.35}
.tick{stroke:var(--grid);stroke-width:1;fill:none}
.axis{stroke:var(--soft);stroke-width:1;fill:none}
ul.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 6px;padding:0;font-size:13px}
ul.legend li{display:flex;align-items:center;gap:6px}
svg.sample{width:22px;height:12px;flex:none}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;margin:8px 0 14px;min-width:40%}
caption{text-align:left;font-weight:600;padding:4px 0}
th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
th.number,td.number{text-align:right;white-space:nowrap}
thead th{font-weight:600;color:var(--soft);font-size:13px;vertical-align:bottom}
th[title]{text-decoration:underline dotted;text-underline-offset:3px;cursor:help}
tbody th{font-weight:600;white-space:nowrap}
ul.checks{list-style:none;margin:6px 0 14px;padding:0;max-width:100ch}
ul.checks li{padding:3px 0 3px 26px;position:relative}
ul.checks li::before{position:absolute;left:2px;font-weight:700}
li.good::before{content:"✓";color:var(--good)}
li.care::before{content:"!";color:var(--care);left:6px}
details{margin:10px 0}
summary{cursor:pointer;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;font-size:14px;max-width:110ch}
dt{font-weight:600}dd{margin:0;color:var(--soft)}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:8px;padding:12px;overflow-x:auto;font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (max-width:600px){main{padding:18px 14px 40px}dl{grid-template-columns:1fr}}
@media print{figure{break-inside:avoid}}
)";

}  // namespace esmm::report

// The page's one style sheet: light, dark, phone and A4. It lies in the page, named in the page's policy by its hash, so that
// nothing else can style it. State colours always stand beside a word; unknown is grey.
import { createHash } from 'node:crypto'

const PALETTE_LIGHT =
  '--paper:#fff;--ink:#1b1f24;--soft:#5b6470;--line:#d9dee4;--band:#f5f7f9;--accent:#0b5cad;--good:#176b3a;--good-band:#e6f4ea;--bad:#a4231b;--bad-band:#fdecea;--grey:#555d68;--grey-band:#eceff2;--bar:#5b86b8;--bar-less:#c08a4a'
const PALETTE_DARK =
  '--paper:#14181d;--ink:#e6e9ed;--soft:#a3acb8;--line:#333b45;--band:#1c2229;--accent:#7db7f0;--good:#7fd19b;--good-band:#17301f;--bad:#ff9d94;--bad-band:#3a1b19;--grey:#b3bbc6;--grey-band:#2a313a;--bar:#6d9bd0;--bar-less:#c9995d'

export const STYLE = `
:root{color-scheme:light dark;${PALETTE_LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${PALETTE_DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 24px}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:8px;background:var(--paper);padding:6px 10px}
header{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:center;justify-content:space-between;padding-top:14px;padding-bottom:14px;border-bottom:1px solid var(--line)}
header .where{color:var(--soft)}
nav form,nav{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
select,button,.button,input,textarea{font:inherit;color:inherit;background:var(--band);border:1px solid var(--line);border-radius:6px;padding:5px 12px}
button,.button{cursor:pointer}
.button{display:inline-block;text-decoration:none}
input,textarea{background:var(--paper);max-width:100%}
textarea{width:100%;font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace}
.ways{gap:4px 18px}
.ways a{text-decoration:none;padding:4px 0;border-bottom:2px solid transparent}
.ways a[aria-current]{border-bottom-color:var(--accent);font-weight:600;color:inherit}
.search{display:flex;gap:6px;flex:0 1 350px}
.search input{flex:1;min-width:0}
.deeds{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:flex-start;margin-top:10px}
.deeds details{flex:1 1 100%;margin:0}
.deed{display:flex;flex-wrap:wrap;gap:12px 18px;align-items:flex-end;margin:0 0 18px}
.deed label{flex:0 1 440px}
.deed input{width:100%}
.cards tbody th a,.cards tbody th time{white-space:nowrap}
td.records{min-width:16em}
.note{border-left:3px solid var(--line);padding-left:10px}
.says{white-space:normal;max-width:15em}
.outcome{white-space:nowrap;margin-right:8px}
h1{font-size:28px;line-height:1.25;margin:28px 0 6px}
h2{font-size:19px;line-height:1.35;margin:0 0 10px;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center}
h3{font-size:15px;margin:20px 0 6px}
p{margin:6px 0}
.soft{color:var(--soft)}
.facts{color:var(--soft);font-size:14px;margin:10px 0 22px}
section{border-top:1px solid var(--line);padding:22px 0 18px;margin:0}
.answer{border:1px solid var(--line);border-left-width:6px;border-radius:8px;padding:14px 18px;margin:18px 0 22px}
.answer h1{margin:0 0 4px}
.answer.ties{border-left-color:var(--good)}.answer.differs{border-left-color:var(--bad)}.answer.unknown{border-left-color:var(--grey)}
.state{display:inline-block;white-space:nowrap;font-size:13px;font-weight:600;line-height:1.4;border-radius:999px;padding:2px 10px}
.state.ties{color:var(--good);background:var(--good-band)}
.state.differs{color:var(--bad);background:var(--bad-band)}
.state.unknown{color:var(--grey);background:var(--grey-band)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;font-weight:600;padding:10px 0 6px}
th,td{text-align:left;vertical-align:top;padding:6px 14px 6px 0;border-bottom:1px solid var(--line)}
thead th{font-size:13px;font-weight:600;color:var(--soft);white-space:nowrap}
tbody th{font-weight:400}
.figures tbody{border-bottom:1px solid var(--soft)}
.figures th.currency{font-weight:600;width:5.5em}
.num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.none{color:var(--soft)}
tr.off td.difference,tr.off th[scope=row]{color:var(--bad);font-weight:600}
tr.total td,tr.total th{font-weight:600}
td.why{min-width:22em}
td.next{min-width:15em}
td.code{white-space:nowrap}
tbody th code{white-space:nowrap}
td.bar{width:34%;min-width:120px;vertical-align:middle;padding-right:0}
td.bar svg{display:block;width:100%;height:12px}
.bar .more{fill:var(--bar)}.bar .less{fill:var(--bar-less)}.bar .zero{stroke:var(--soft);stroke-width:1;vector-effect:non-scaling-stroke}
code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;overflow-wrap:anywhere;background:var(--band);border-radius:4px;padding:1px 4px}
.next{margin:4px 0 10px}
.next b{font-weight:600}
details{margin-top:12px}
summary{cursor:pointer;color:var(--accent)}
.evidence td{font-size:13px}
.evidence code{background:none;padding:0}
.evidence .hash{min-width:17ch}.evidence time{white-space:nowrap}
.signing{display:grid;grid-template-columns:1fr 1fr;gap:22px 48px;margin-top:30px;max-width:820px}
.signing p{border-top:1px solid var(--ink);margin:26px 0 0;padding-top:4px;font-size:13px;color:var(--soft)}
.signing h3{margin:0}
.steps{padding:0;list-style:none;max-width:720px}
.steps li{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;padding:8px 0;border-bottom:1px solid var(--line)}
.steps b{min-width:6em}
.now:has(~ .now){display:none}
footer{color:var(--soft);font-size:13px;padding-top:16px;padding-bottom:40px}
@media (max-width:640px){
main,header,footer{padding-left:14px;padding-right:14px}
h1{font-size:23px}
.signing{grid-template-columns:1fr}
table.cards thead{position:absolute;left:-9999px}
table.cards,table.cards tbody,table.cards tr,table.cards td,table.cards th{display:block;width:auto;min-width:0;padding:0;border:0;text-align:left;white-space:normal}
table.cards caption{display:block}
table.cards tr{border-bottom:1px solid var(--line);padding:9px 0}
table.cards th[scope=row]{font-weight:600}
.search{flex:1 1 100%}
tbody th code{white-space:normal}
table.cards td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--soft)}
th,td{padding-right:10px}
td.bar{min-width:90px}
}
@page{size:A4;margin:14mm 13mm 16mm;@bottom-right{content:"page " counter(page) " of " counter(pages);font:8pt sans-serif}}
@media print{
:root{color-scheme:light;${PALETTE_LIGHT}}
body{font-size:9.5pt}
main,header,footer{max-width:none;padding-left:0;padding-right:0}
nav,.skip,.on-screen,.search,.deeds{display:none}
h1{font-size:17pt}h2{font-size:12.5pt}h3{font-size:10.5pt}
table,.facts{font-size:8.5pt}
.evidence td,code,thead th,footer,.state{font-size:7.5pt}
h2,h3,caption,.next{break-after:avoid}
tr,.answer,.whole{break-inside:avoid}
.scroll{overflow:visible}
a{color:inherit;text-decoration:none}
td.why,td.next{min-width:0}
tbody th code{white-space:normal}
th,td{padding-top:3px;padding-bottom:3px}
section{padding:12px 0 8px}
.state,.bar,.answer{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}
summary{list-style:none;color:inherit}
}
`

export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`

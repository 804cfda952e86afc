// How the report looks: light and dark, a phone's width and paper.
import { html } from '../../common/html.ts';

export const STYLE = html`
:root{color-scheme:light dark;--ok:#1a7f37;--critical:#cf222e;--warning:#9a6700;--skipped:#6e7781;--line:#8883;--soft:#8881}
@media(prefers-color-scheme:dark){:root{--ok:#4ac26b;--critical:#ff7b72;--warning:#d4a72c;--skipped:#9198a1}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1.25rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
header{border-left:.4rem solid;padding:.7rem 1rem;background:var(--soft);border-radius:.3rem}
header h1,header p{color:CanvasText;margin:0}header span{color:var(--ok)}header.critical span{color:var(--critical)}
.facts{color:var(--skipped);font-size:.875rem;margin:.7rem 0 0;display:flex;flex-wrap:wrap;gap:0 1.2rem}
.open{border:1px solid var(--line);border-radius:.5rem;padding:.1rem 1rem .6rem;margin-top:1.2rem}.open h2{margin:.7rem 0 .3rem}
.open ul{margin:0;padding-left:1.1rem}.open li{margin:.5rem 0;color:CanvasText}.open li::marker{color:var(--warning)}
.open li.critical::marker{color:var(--critical)}.open b{font-weight:600}.open small{color:var(--skipped)}
nav{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.6rem;margin:1.2rem 0 0}
nav a{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .8rem;color:var(--skipped);text-decoration:none;font-size:.875rem}
nav a:hover,nav a:focus{border-color:currentcolor}nav b{display:block;font-size:1rem}
table{border-collapse:collapse;width:100%;table-layout:fixed}
td,th{border-top:1px solid var(--line);padding:.5rem;vertical-align:top;text-align:left;font-weight:400;white-space:pre-line}
td:first-child{width:6.2rem;padding-left:0;font-weight:600}th{width:14rem;font-weight:600}
td:last-child{width:5.2rem;padding-right:0;text-align:right;color:var(--skipped);font-variant-numeric:tabular-nums}
.ok{color:var(--ok)}.critical{color:var(--critical)}.warning{color:var(--warning)}.skipped{color:var(--skipped)}
.mend{display:block;color:var(--skipped)}
@media(max-width:40rem){nav{grid-template-columns:1fr 1fr}table,tbody{display:block}
tr{display:grid;grid-template-columns:1fr auto;border-top:1px solid var(--line);padding:.6rem 0}
td,th,td:first-child,th{border:0;padding:0;width:auto}td:nth-child(3),th{grid-column:1/-1}td:last-child{grid-row:1;grid-column:2}}
@media print{nav{display:none}tr,li{break-inside:avoid}}`;

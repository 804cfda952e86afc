// The one style sheet, inline: no asset to fetch, and the policy names its hash.
import { html } from '../../common/html.ts';

export const STYLE = html`
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; --line: #8884; --good: #2a9d5c; --bad: #d33; --wait: #e0a100; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.8rem 0 .5rem; }
nav a { margin-right: .8rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.facts li, .card { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .6rem; }
.card { padding: .6rem .8rem; overflow-wrap: anywhere; }
.cards { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
article { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; padding: .6rem .8rem; }
article pre { margin: .4rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
.meta { font-size: .85rem; opacity: .8; overflow-wrap: anywhere; }
.delivered { border-left: .3rem solid var(--good); } .dead, .expired, .unknown { border-left: .3rem solid var(--bad); }
.pending, .claimed { border-left: .3rem solid var(--wait); } .suppressed { opacity: .75; }
.warn { border: 1px solid var(--bad); border-radius: .5rem; padding: .5rem .8rem; }
.met { color: var(--good); } .missed { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } .scroll { overflow-x: auto; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
form { display: grid; gap: .6rem; margin: 0; } form.inline { margin-top: .6rem; }
form.card { max-width: 32rem; }
label { display: grid; gap: .15rem; font-size: .85rem; } fieldset { border: 1px solid var(--line); border-radius: .5rem; display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
.check { display: inline-flex; align-items: center; gap: .4rem; min-height: 2rem; }
input, select, button { font: inherit; padding: .45rem .6rem; border: 1px solid var(--line); border-radius: .4rem; max-width: 100%; }
button { cursor: pointer; min-height: 2.6rem; }
`;

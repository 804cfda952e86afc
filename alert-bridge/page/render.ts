// The page for people: one server-rendered document without scripts or outside assets, readable on a phone.
import { escapeHtml } from '../format/escape.ts';
import type { ShownDelivery, Snapshot } from './snapshot.ts';

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.25rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.facts li { border: 1px solid #8884; border-radius: .5rem; padding: .25rem .6rem; }
article { border: 1px solid #8884; border-radius: .5rem; margin: .6rem 0; padding: .6rem .8rem; }
article pre { margin: .4rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
.meta { font-size: .85rem; opacity: .8; }
.delivered { border-left: .3rem solid #2a9d5c; } .dead, .expired, .unknown { border-left: .3rem solid #d33; }
.pending, .claimed { border-left: .3rem solid #e0a100; } .suppressed { opacity: .75; }
.warn { border: 1px solid #d33; border-radius: .5rem; padding: .5rem .8rem; }
`;

export function renderPage(snapshot: Snapshot): string {
  const { outbox, heartbeat } = snapshot;
  const facts = [
    `to ${snapshot.destination}`,
    `${outbox.pending + outbox.claimed} waiting`,
    `${outbox.delivered} delivered`,
    `${outbox.suppressed} held back`,
    `${outbox.dead + outbox.expired + outbox.unknown} failed`,
    heartbeat.lastAt ? `heartbeat ${clock(heartbeat.lastAt)}` : 'no heartbeat yet',
  ];
  const paused = snapshot.chats.filter((chat) => chat.pausedReason !== undefined);
  const warnings = [
    ...(heartbeat.isSilent ? ['Detection is silent: no heartbeat arrives from Prometheus.'] : []),
    ...paused.map((chat) => `Chat ${chat.key} takes no messages (${chat.pausedReason}).`),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="15"><title>Alerts</title><style>${STYLE}</style></head>
<body><h1>Derivatives alerts</h1>
${warnings.map((text) => `<p class="warn">⚠️ ${escapeHtml(text)}</p>`).join('\n')}
<ul class="facts">${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join('')}</ul>
<h2>Messages, newest first</h2>
${snapshot.deliveries.length === 0 ? '<p>Nothing was sent yet.</p>' : snapshot.deliveries.map(renderDelivery).join('\n')}
</body></html>
`;
}

function renderDelivery(delivery: ShownDelivery): string {
  const state = delivery.reason ? `${delivery.state} (${delivery.reason})` : delivery.state;
  const what = [delivery.symbol ?? '', delivery.alertname ?? delivery.phase].filter((word) => word !== '').join(' ');
  const meta = `${clock(delivery.finishedAt ?? delivery.acceptedAt)} · ${what} · ${delivery.phase} · chat ${delivery.chat} · ${state}`;
  const text = delivery.text === undefined ? '' : `<pre>${escapeHtml(delivery.text)}</pre>`;
  return `<article class="${delivery.state}"><div class="meta">${escapeHtml(meta)}</div>${text}</article>`;
}

function clock(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

// The page for people: one server-rendered document without scripts or outside assets, readable on a phone.
import { type Html, html } from '../../common/html.ts';
import { clockText, renderLayout } from './layout.ts';
import { renderScorecard } from './render-scorecard.ts';
import type { ShownDelivery, Snapshot } from './snapshot.ts';

const REFRESH_SECONDS = 15;

export function renderPage(snapshot: Snapshot): Html {
  const { outbox, heartbeat, limits } = snapshot;
  const facts = [
    `to ${snapshot.destination}`,
    `${outbox.pending + outbox.claimed} waiting`,
    `${outbox.delivered} delivered`,
    `${outbox.suppressed} held back`,
    `${outbox.dead + outbox.expired + outbox.unknown} failed`,
    `${limits.marketPerHour} market messages an hour a chat`,
    `commands ${snapshot.commands}`,
    heartbeat.lastAt ? `heartbeat ${clockText(heartbeat.lastAt)}` : 'no heartbeat yet',
  ];
  const warnings = warningsOf(snapshot).map((text) => html`<p class="warn">⚠️ ${text}</p>\n`);
  const deliveries = snapshot.deliveries.map(renderDelivery);
  const body = html`${warnings}
<ul class="facts">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>
<h2>Silent now</h2>
${renderSilences(snapshot)}
<h2>Messages, newest first</h2>
<p class="meta"><a href="#subscribers">Subscribers</a> and <a href="#scorecard">scorecard</a> stand below.</p>
${deliveries.length === 0 ? html`<p>Nothing was sent yet.</p>` : deliveries}
<h2 id="subscribers">Subscribers</h2>
<div class="cards">${snapshot.subscribers.map(renderSubscriber)}</div>
<h2 id="scorecard">Scorecard, 30 days</h2>
${renderScorecard(snapshot.scorecard)}`;
  return renderLayout({ title: 'Derivatives alerts', refreshSeconds: REFRESH_SECONDS, body });
}

function warningsOf(snapshot: Snapshot): readonly string[] {
  const paused = snapshot.chats.filter((chat) => chat.pausedReason !== undefined);
  return [
    ...(snapshot.heartbeat.isSilent ? ['Detection is silent: no heartbeat arrives from Prometheus.'] : []),
    ...(snapshot.isTableStale
      ? ['The table of thresholds was edited and is not in force: run npm run reload, or in Docker the service render.']
      : []),
    ...paused.map((chat) => `Chat ${chat.key} takes no messages (${chat.pausedReason}).`),
  ];
}

function renderSilences({ silences }: Snapshot): Html {
  if (silences === undefined) return html`<p class="warn">Alertmanager does not answer.</p>`;
  if (silences.length === 0) return html`<p>Nothing is silent.</p>`;
  const cards = silences.map(({ matchers, until, createdBy, comment }) => {
    const meta = `until ${clockText(until)}, by ${createdBy}: ${comment}`;
    return html`<div class="card">🔕 ${matchers}<div class="meta">${meta}</div></div>\n`;
  });
  return html`<div class="cards">${cards}</div>`;
}

function renderSubscriber({ chat, wants }: Snapshot['subscribers'][number]): Html {
  const lines = wants.map((want, index) => html`${index === 0 ? '' : html`<br>`}${want}`);
  return html`<div class="card">💬 ${chat}<div class="meta">${lines}</div></div>\n`;
}

function renderDelivery(delivery: ShownDelivery): Html {
  const state = delivery.reason ? `${delivery.state} (${delivery.reason})` : delivery.state;
  const what = [delivery.symbol ?? '', delivery.alertname ?? delivery.phase].filter((word) => word !== '').join(' ');
  const meta = `${clockText(delivery.finishedAt ?? delivery.acceptedAt)} · ${what} · ${delivery.phase} · chat ${delivery.chat} · ${state}`;
  const text = delivery.text === undefined ? '' : html`<pre>${delivery.text}</pre>`;
  return html`<article class="${delivery.state}"><div class="meta">${meta}</div>${text}</article>\n`;
}

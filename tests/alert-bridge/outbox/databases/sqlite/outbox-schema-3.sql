-- An outbox as a killed bridge of schema 3 leaves it: every state of a delivery, alerts that fire and that have ended, a chat
-- that moved and one that is paused, subscriptions, silences, reactions and a track record. A test opens it with the present
-- version. Written by that version itself, and not changed since.

CREATE TABLE schema_compatibility (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  compatible_from INTEGER NOT NULL
) STRICT;
CREATE TABLE chats (
  key TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL,
  thread_id INTEGER,
  paused_reason TEXT,
  paused_at INTEGER
) STRICT;
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  receiver TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  -- The alert whose message tells of this one: itself, or the one it repeats within the deduplication window.
  root_id INTEGER,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  category TEXT NOT NULL,
  symbol TEXT,
  tier INTEGER NOT NULL,
  priority TEXT NOT NULL,
  dedup_key TEXT NOT NULL,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  peak TEXT NOT NULL,
  status TEXT NOT NULL,
  event_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  ends_at INTEGER, told_magnitude REAL,
  UNIQUE (receiver, fingerprint, starts_at)
) STRICT;
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  chat TEXT NOT NULL REFERENCES chats (key),
  phase TEXT NOT NULL,
  alert_id INTEGER REFERENCES alerts (id) ON DELETE CASCADE,
  notice TEXT,
  -- The delivery whose message this one edits, ends or replies to.
  target_id INTEGER,
  -- The digest that tells of this one, where it was held back.
  digest_id INTEGER,
  priority TEXT NOT NULL,
  rank INTEGER NOT NULL,
  -- 1 for a new message that counts against a quota.
  is_counted INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  is_resend INTEGER NOT NULL DEFAULT 0,
  accepted_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  finished_at INTEGER,
  message_id INTEGER,
  text TEXT
, is_silent INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE transitions (
  delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT
) STRICT;
CREATE TABLE state_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE subscriptions (
  chat TEXT PRIMARY KEY REFERENCES chats (key),
  symbols TEXT,
  except_symbols TEXT,
  types TEXT,
  lowest_priority TEXT NOT NULL,
  quiet TEXT,
  is_paused INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE silences (
  id INTEGER PRIMARY KEY,
  alertmanager_id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  created_by TEXT NOT NULL,
  comment TEXT NOT NULL,
  -- The chat that is told of its end; none for one from the page or the API.
  chat TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE TABLE silence_hidden (
  silence_id INTEGER NOT NULL REFERENCES silences (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (silence_id, fingerprint, starts_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE acknowledgements (
  alert_id INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  at INTEGER NOT NULL,
  after_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE votes (
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  verdict TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (alert_id, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE escalations (
  alert_id INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE price_moves (
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  horizon_minutes INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT,
  ratio REAL,
  PRIMARY KEY (alert_id, horizon_minutes)
) STRICT, WITHOUT ROWID;
CREATE TABLE lead_times (
  alert_id INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  lead_ms INTEGER
) STRICT;

INSERT INTO schema_compatibility (only_row, compatible_from) VALUES
  (1, 1);
INSERT INTO chats (key, chat_id, thread_id, paused_reason, paused_at) VALUES
  ('100', '100', NULL, NULL, NULL),
  ('-200/7', '-1002', 7, NULL, NULL),
  ('900', '900', NULL, NULL, NULL),
  ('901', '901', NULL, 'forbidden', 1795176035000);
INSERT INTO alerts (id, receiver, fingerprint, starts_at, root_id, name, kind, category, symbol, tier, priority, dedup_key, labels, annotations, peak, status, event_at, accepted_at, ends_at, told_magnitude) VALUES
  (1, 'bridge', '51d7def65fe53e56', 1795176000000, 1, 'LiquidationCascade', 'cascade', 'market', 'BTC', 1, 'high', 'LiquidationCascade|BTC|1', '{"alertname":"LiquidationCascade","symbol":"BTC","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1900000","events":"7"}', '{"notional_usd":"1900000","events":"7"}', 'resolved', 1795176000000, 1795176001000, 1795176014000, 1900000),
  (2, 'bridge', '5f8267eac43b4960', 1795176000000, 2, 'FeedDown', 'stack', 'stack', NULL, 1, 'medium', '5f8267eac43b4960', '{"alertname":"FeedDown","category":"stack","severity":"warning","priority":"medium","exchange":"okx","feed":"liquidations"}', '{"summary":"OKX liquidations are down","description":"No connection for 60 s."}', '{"summary":"OKX liquidations are down","description":"No connection for 60 s."}', 'firing', 1795176000000, 1795176001000, NULL, NULL),
  (3, 'bridge', 'd37f339f5262cace', 1795176005000, 3, 'LiquidationCascade', 'cascade', 'market', 'ETH', 1, 'high', 'LiquidationCascade|ETH|1', '{"alertname":"LiquidationCascade","symbol":"ETH","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1200000","events":"7"}', '{"notional_usd":"1200000","events":"7"}', 'firing', 1795176005000, 1795176006000, NULL, NULL),
  (4, 'bridge', '21fbc8ad3c05bb9f', 1795176008000, 4, 'LiquidationCascade', 'cascade', 'market', 'SOL', 1, 'high', 'LiquidationCascade|SOL|1', '{"alertname":"LiquidationCascade","symbol":"SOL","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1200000","events":"7"}', '{"notional_usd":"1200000","events":"7"}', 'firing', 1795176008000, 1795176009000, NULL, NULL),
  (5, 'bridge', '40bf42c15b182f34', 1795176011000, 5, 'LiquidationCascade', 'cascade', 'market', 'XRP', 1, 'high', 'LiquidationCascade|XRP|1', '{"alertname":"LiquidationCascade","symbol":"XRP","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1200000","events":"7"}', '{"notional_usd":"1200000","events":"7"}', 'firing', 1795176011000, 1795176012000, NULL, NULL),
  (6, 'bridge', '1da91b566732580d', 1795176016000, 6, 'LargeLiquidation', 'large_liquidation', 'market', 'ETH', 1, 'medium', 'LargeLiquidation|ETH|1', '{"alertname":"LargeLiquidation","symbol":"ETH","tier":"1","priority":"medium","severity":"warning","category":"market"}', '{"notional_usd":"150000","side":"long","exchange":"bybit","price_usd":"82500"}', '{"notional_usd":"150000","side":"long","exchange":"bybit","price_usd":"82500"}', 'firing', 1795176016000, 1795176022000, NULL, NULL),
  (7, 'bridge', '51d7def65fe53e56', 1795176023000, 1, 'LiquidationCascade', 'cascade', 'market', 'BTC', 1, 'high', 'LiquidationCascade|BTC|1', '{"alertname":"LiquidationCascade","symbol":"BTC","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1200000","events":"7"}', '{"notional_usd":"1200000","events":"7"}', 'firing', 1795176023000, 1795176024000, NULL, NULL),
  (8, 'bridge', 'c40fbedd567a1e1a', 1795176030000, 8, 'LiquidationCascade', 'cascade', 'market', 'LINK', 1, 'high', 'LiquidationCascade|LINK|1', '{"alertname":"LiquidationCascade","symbol":"LINK","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1200000","events":"7"}', '{"notional_usd":"1200000","events":"7"}', 'firing', 1795176030000, 1795176031000, NULL, NULL),
  (9, 'bridge', '4d0f082580b78e08', 1795176033000, 9, 'LiquidationCascade', 'cascade', 'market', 'ADA', 1, 'high', 'LiquidationCascade|ADA|1', '{"alertname":"LiquidationCascade","symbol":"ADA","tier":"1","priority":"high","severity":"critical","category":"market"}', '{"notional_usd":"1200000","events":"7"}', '{"notional_usd":"1200000","events":"7"}', 'firing', 1795176033000, 1795176034000, NULL, NULL);
INSERT INTO deliveries (id, chat, phase, alert_id, notice, target_id, digest_id, priority, rank, is_counted, state, reason, attempts, is_resend, accepted_at, due_at, finished_at, message_id, text, is_silent) VALUES
  (1, '100', 'firing', 1, NULL, NULL, NULL, 'high', 0, 1, 'delivered', NULL, 0, 0, 1795176001000, 1795176001000, 1795176002000, 501, 'message 501', 0),
  (2, '900', 'firing', 1, NULL, NULL, NULL, 'high', 0, 1, 'delivered', NULL, 0, 0, 1795176001000, 1795176001000, 1795176002000, 502, 'message 502', 0),
  (3, '-200/7', 'firing', 2, NULL, NULL, NULL, 'medium', 1, 1, 'delivered', NULL, 0, 0, 1795176001000, 1795176001000, 1795176002000, 503, 'message 503', 0),
  (4, '100', 'firing', 3, NULL, NULL, 6, 'high', 0, 1, 'unknown', 'timeout', 0, 0, 1795176006000, 1795176006000, 1795176007000, NULL, 'message on ETH', 0),
  (5, '900', 'firing', 3, NULL, NULL, NULL, 'high', 0, 0, 'suppressed', 'not_subscribed', 0, 0, 1795176006000, 1795176006000, 1795176006000, NULL, NULL, 0),
  (6, '100', 'digest', NULL, NULL, NULL, NULL, 'low', 1, 0, 'delivered', NULL, 0, 0, 1795176007000, 1795176007000, 1795176007000, 505, 'message 505', 0),
  (7, '100', 'firing', 4, NULL, NULL, NULL, 'high', 0, 0, 'dead', 'bad_request', 0, 0, 1795176009000, 1795176009000, 1795176010000, NULL, NULL, 0),
  (8, '900', 'firing', 4, NULL, NULL, NULL, 'high', 0, 0, 'suppressed', 'not_subscribed', 0, 0, 1795176009000, 1795176009000, 1795176009000, NULL, NULL, 0),
  (9, '100', 'firing', 5, NULL, NULL, 6, 'high', 0, 0, 'expired', NULL, 0, 0, 1795176012000, 1795176012000, 1795176013000, NULL, NULL, 0),
  (10, '900', 'firing', 5, NULL, NULL, NULL, 'high', 0, 0, 'suppressed', 'not_subscribed', 0, 0, 1795176012000, 1795176012000, 1795176012000, NULL, NULL, 0),
  (11, '100', 'digest_update', NULL, NULL, 6, NULL, 'low', 3, 0, 'delivered', NULL, 0, 0, 1795176013000, 1795176018000, 1795176021000, 505, 'message 505', 0),
  (12, '100', 'resolved', 1, NULL, 1, NULL, 'high', 2, 0, 'delivered', NULL, 0, 0, 1795176015000, 1795176015000, 1795176021000, 501, 'message 501', 0),
  (13, '900', 'resolved', 1, NULL, 2, NULL, 'high', 2, 0, 'delivered', NULL, 0, 0, 1795176015000, 1795176015000, 1795176021000, 502, 'message 502', 0),
  (14, '100', 'firing', 6, NULL, NULL, NULL, 'medium', 1, 0, 'suppressed', 'muted', 0, 0, 1795176022000, 1795176022000, 1795176022000, NULL, NULL, 0),
  (15, '900', 'firing', 6, NULL, NULL, NULL, 'medium', 1, 0, 'suppressed', 'not_subscribed', 0, 0, 1795176022000, 1795176022000, 1795176022000, NULL, NULL, 0),
  (16, '100', 'firing', 7, NULL, 1, NULL, 'high', 0, 0, 'suppressed', 'duplicate', 0, 0, 1795176024000, 1795176024000, 1795176024000, NULL, NULL, 0),
  (17, '100', 'update', 1, NULL, 1, NULL, 'high', 3, 0, 'pending', NULL, 0, 0, 1795176024000, 1795176024000, NULL, NULL, NULL, 0),
  (18, '900', 'firing', 7, NULL, 2, NULL, 'high', 0, 0, 'suppressed', 'duplicate', 0, 0, 1795176024000, 1795176024000, 1795176024000, NULL, NULL, 0),
  (19, '900', 'update', 1, NULL, 2, NULL, 'high', 3, 0, 'pending', NULL, 0, 0, 1795176024000, 1795176024000, NULL, NULL, NULL, 0),
  (20, '-200/7', 'notice', NULL, 'the silence of DOGE has ended', NULL, NULL, 'high', 0, 0, 'pending', NULL, 0, 0, 1795176025000, 1795176025000, NULL, NULL, NULL, 0),
  (21, '-200/7', 'notice', 2, 'nobody has seen FeedDown', NULL, NULL, 'high', 0, 0, 'pending', NULL, 0, 0, 1795176026000, 1795176026000, NULL, NULL, NULL, 0),
  (22, '100', 'firing', 8, NULL, NULL, NULL, 'high', 0, 1, 'claimed', NULL, 0, 0, 1795176031000, 1795176031000, NULL, NULL, NULL, 0),
  (23, '900', 'firing', 8, NULL, NULL, NULL, 'high', 0, 0, 'suppressed', 'not_subscribed', 0, 0, 1795176031000, 1795176031000, 1795176031000, NULL, NULL, 0),
  (24, '100', 'firing', 9, NULL, NULL, NULL, 'high', 0, 1, 'pending', NULL, 0, 0, 1795176034000, 1795176034000, NULL, NULL, NULL, 0),
  (25, '900', 'firing', 9, NULL, NULL, NULL, 'high', 0, 0, 'suppressed', 'not_subscribed', 0, 0, 1795176034000, 1795176034000, 1795176034000, NULL, NULL, 0);
INSERT INTO transitions (delivery_id, at, state, reason) VALUES
  (1, 1795176001000, 'pending', NULL),
  (2, 1795176001000, 'pending', NULL),
  (3, 1795176001000, 'pending', NULL),
  (1, 1795176002000, 'claimed', NULL),
  (1, 1795176002000, 'delivered', NULL),
  (2, 1795176002000, 'claimed', NULL),
  (2, 1795176002000, 'delivered', NULL),
  (3, 1795176002000, 'claimed', NULL),
  (3, 1795176002000, 'delivered', NULL),
  (4, 1795176006000, 'pending', NULL),
  (5, 1795176006000, 'suppressed', 'not_subscribed'),
  (4, 1795176007000, 'claimed', NULL),
  (4, 1795176007000, 'unknown', 'timeout'),
  (6, 1795176007000, 'pending', NULL),
  (6, 1795176007000, 'claimed', NULL),
  (6, 1795176007000, 'delivered', NULL),
  (7, 1795176009000, 'pending', NULL),
  (8, 1795176009000, 'suppressed', 'not_subscribed'),
  (7, 1795176010000, 'claimed', NULL),
  (7, 1795176010000, 'dead', 'bad_request'),
  (9, 1795176012000, 'pending', NULL),
  (10, 1795176012000, 'suppressed', 'not_subscribed'),
  (9, 1795176013000, 'claimed', NULL),
  (9, 1795176013000, 'expired', NULL),
  (11, 1795176013000, 'pending', NULL),
  (12, 1795176015000, 'pending', NULL),
  (13, 1795176015000, 'pending', NULL),
  (12, 1795176021000, 'claimed', NULL),
  (12, 1795176021000, 'delivered', NULL),
  (13, 1795176021000, 'claimed', NULL),
  (13, 1795176021000, 'delivered', NULL),
  (11, 1795176021000, 'claimed', NULL),
  (11, 1795176021000, 'delivered', NULL),
  (14, 1795176022000, 'suppressed', 'muted'),
  (15, 1795176022000, 'suppressed', 'not_subscribed'),
  (16, 1795176024000, 'suppressed', 'duplicate'),
  (17, 1795176024000, 'pending', NULL),
  (18, 1795176024000, 'suppressed', 'duplicate'),
  (19, 1795176024000, 'pending', NULL),
  (20, 1795176025000, 'pending', NULL),
  (21, 1795176026000, 'pending', NULL),
  (22, 1795176031000, 'pending', NULL),
  (23, 1795176031000, 'suppressed', 'not_subscribed'),
  (22, 1795176032000, 'claimed', NULL),
  (24, 1795176034000, 'pending', NULL),
  (25, 1795176034000, 'suppressed', 'not_subscribed');
INSERT INTO state_counts (state, count) VALUES
  ('claimed', 1),
  ('dead', 1),
  ('delivered', 7),
  ('expired', 1),
  ('pending', 5),
  ('suppressed', 9),
  ('unknown', 1);
INSERT INTO subscriptions (chat, symbols, except_symbols, types, lowest_priority, quiet, is_paused, updated_at) VALUES
  ('900', '["BTC"]', '[]', NULL, 'medium', '22:00-07:00 Europe/Berlin', 0, 1795176000000),
  ('901', NULL, '["DOGE"]', NULL, 'low', NULL, 0, 1795176034500);
INSERT INTO silences (id, alertmanager_id, scope, created_by, comment, chat, starts_at, ends_at, ended_at) VALUES
  (1, 'am-1', '[{"name":"symbol","value":"DOGE"}]', 'Ann', 'lunch', '100', 1795176000000, 1795176025000, 1795176025000),
  (2, 'am-2', '[{"name":"alertname","value":"FeedDown"}]', 'Bob', 'repair', '-200/7', 1795176000000, 1795179600000, NULL);
INSERT INTO silence_hidden (silence_id, fingerprint, starts_at, name) VALUES
  (1, 'f1', '2026-11-20T12:00:10.000Z', 'LargeLiquidation'),
  (1, 'f2', '2026-11-20T12:00:11.000Z', 'LargeLiquidation'),
  (2, 'f3', '2026-11-20T12:00:12.000Z', 'FeedDown');
INSERT INTO acknowledgements (alert_id, person, at, after_ms) VALUES
  (1, 'Ann', 1795176009000, 8000);
INSERT INTO votes (alert_id, person, verdict, at) VALUES
  (1, 'Ann', 'useful', 1795176009000),
  (1, 'Bob', 'useless', 1795176009500);
INSERT INTO escalations (alert_id, at) VALUES
  (2, 1795176026000);
INSERT INTO price_moves (alert_id, horizon_minutes, due_at, state, ratio) VALUES
  (1, 1, 1795176060000, 'known', -0.0125),
  (1, 5, 1795176300000, 'unknown', NULL),
  (1, 15, 1795176900000, NULL, NULL),
  (1, 60, 1795179600000, NULL, NULL);
INSERT INTO lead_times (alert_id, lead_ms) VALUES
  (1, 40000);

CREATE INDEX alerts_root ON alerts (root_id);
CREATE INDEX alerts_firing ON alerts (symbol, kind) WHERE status = 'firing';
CREATE INDEX alerts_accepted ON alerts (accepted_at);
CREATE INDEX deliveries_pending ON deliveries (chat, rank, id) WHERE state = 'pending';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'pending';
CREATE INDEX deliveries_claimed ON deliveries (id) WHERE state = 'claimed';
CREATE INDEX deliveries_counted ON deliveries (chat, accepted_at) WHERE is_counted = 1;
CREATE INDEX deliveries_alert ON deliveries (alert_id, chat, phase);
CREATE INDEX deliveries_target ON deliveries (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX deliveries_digest ON deliveries (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX deliveries_digests ON deliveries (chat, id) WHERE phase = 'digest';
CREATE INDEX deliveries_accepted ON deliveries (accepted_at);
CREATE INDEX transitions_delivery ON transitions (delivery_id);
CREATE TRIGGER deliveries_counted_in AFTER INSERT ON deliveries BEGIN
  INSERT INTO state_counts VALUES (new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER deliveries_counted_on AFTER UPDATE OF state ON deliveries WHEN new.state <> old.state BEGIN
  UPDATE state_counts SET count = count - 1 WHERE state = old.state;
  INSERT INTO state_counts VALUES (new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER deliveries_counted_out AFTER DELETE ON deliveries BEGIN
  UPDATE state_counts SET count = count - 1 WHERE state = old.state;
END;
CREATE INDEX alerts_symbol ON alerts (symbol, accepted_at);
CREATE INDEX silences_open ON silences (id) WHERE ended_at IS NULL;
CREATE INDEX price_moves_due ON price_moves (due_at) WHERE state IS NULL;
CREATE INDEX alerts_dedup ON alerts (dedup_key);

PRAGMA user_version = 3;

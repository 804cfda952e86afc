-- What arrived, what is to be sent to whom, and what became of it. Times are milliseconds since 1970 on our clock.

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
  -- The alert whose message covers this one: itself, or an earlier one within the deduplication window.
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
  ends_at INTEGER,
  UNIQUE (receiver, fingerprint, starts_at)
) STRICT;
CREATE INDEX alerts_root ON alerts (root_id);
CREATE INDEX alerts_firing ON alerts (symbol, kind) WHERE status = 'firing';
CREATE INDEX alerts_accepted ON alerts (accepted_at);

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  chat TEXT NOT NULL REFERENCES chats (key),
  phase TEXT NOT NULL,
  alert_id INTEGER REFERENCES alerts (id) ON DELETE CASCADE,
  notice TEXT,
  -- The delivery whose message this one edits, ends or replies to.
  target_id INTEGER,
  -- The digest that sums this one up, where it was held back.
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
) STRICT;
CREATE INDEX deliveries_pending ON deliveries (chat, rank, id) WHERE state = 'pending';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'pending';
CREATE INDEX deliveries_claimed ON deliveries (id) WHERE state = 'claimed';
CREATE INDEX deliveries_counted ON deliveries (chat, accepted_at) WHERE is_counted = 1;
CREATE INDEX deliveries_alert ON deliveries (alert_id, chat, phase);
CREATE INDEX deliveries_target ON deliveries (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX deliveries_digest ON deliveries (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX deliveries_digests ON deliveries (chat, id) WHERE phase = 'digest';
CREATE INDEX deliveries_accepted ON deliveries (accepted_at);

CREATE TABLE transitions (
  delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX transitions_delivery ON transitions (delivery_id);

-- Finished deliveries by state, kept by triggers so that a scrape counts no rows.
CREATE TABLE state_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
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

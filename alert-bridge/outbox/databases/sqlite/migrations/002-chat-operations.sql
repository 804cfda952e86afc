-- What people choose and do: subscriptions, silences, reactions; and what the price did after each alert.

-- 1: arrives without sound.
ALTER TABLE deliveries ADD COLUMN is_silent INTEGER NOT NULL DEFAULT 0;

-- The alert's magnitude when its message was last written, where it has grown since it began.
ALTER TABLE alerts ADD COLUMN told_magnitude REAL;

-- Muting and history look at one symbol: in a storm its alerts are few among many.
CREATE INDEX alerts_symbol ON alerts (symbol, accepted_at);

-- A chat without a row that the configuration names hears everything.
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

-- Silences that were made here; Alertmanager has the silence itself.
CREATE TABLE silences (
  id INTEGER PRIMARY KEY,
  alertmanager_id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  created_by TEXT NOT NULL,
  comment TEXT NOT NULL,
  -- The chat that is notified of its end; none for one from the page or the API.
  chat TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX silences_open ON silences (id) WHERE ended_at IS NULL;
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

-- What the price did after an alert. The schedule is the table: a row without a state is still to be read.
CREATE TABLE price_moves (
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  horizon_minutes INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT,
  ratio REAL,
  PRIMARY KEY (alert_id, horizon_minutes)
) STRICT, WITHOUT ROWID;
CREATE INDEX price_moves_due ON price_moves (due_at) WHERE state IS NULL;
-- Milliseconds from the message to the move that it announced; none where the move did not come.
CREATE TABLE lead_times (
  alert_id INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  lead_ms INTEGER
) STRICT;

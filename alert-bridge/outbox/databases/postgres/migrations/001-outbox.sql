-- The tables of ../../sqlite/migrations in PostgreSQL's words, and what several bridges share beyond them. A test compares
-- the two.

CREATE TABLE chats (
  key TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL,
  thread_id BIGINT,
  paused_reason TEXT,
  paused_at BIGINT,
  -- SQLite has it by itself: the order in which chats became known.
  rowid BIGINT GENERATED ALWAYS AS IDENTITY
);

CREATE TABLE alerts (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  receiver TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  root_id BIGINT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  category TEXT NOT NULL,
  symbol TEXT,
  tier BIGINT NOT NULL,
  priority TEXT NOT NULL,
  dedup_key TEXT NOT NULL,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  peak TEXT NOT NULL,
  status TEXT NOT NULL,
  event_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  ends_at BIGINT,
  told_magnitude DOUBLE PRECISION,
  UNIQUE (receiver, fingerprint, starts_at)
);
CREATE INDEX alerts_root ON alerts (root_id);
CREATE INDEX alerts_firing ON alerts (symbol, kind) WHERE status = 'firing';
CREATE INDEX alerts_accepted ON alerts (accepted_at);
CREATE INDEX alerts_symbol ON alerts (symbol, accepted_at);
-- By its hash: a key may be longer than a tree takes.
CREATE INDEX alerts_dedup ON alerts USING hash (dedup_key);

-- Bridges that are alive, or were lately. Times of leases are the database's own.
CREATE TABLE bridges (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lease_until BIGINT NOT NULL,
  -- When it last heard the heartbeat, whether it answers commands, and whether it leads.
  heard_at BIGINT,
  is_listening BIGINT NOT NULL DEFAULT 0,
  is_leading BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE deliveries (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chat TEXT NOT NULL REFERENCES chats (key),
  phase TEXT NOT NULL,
  alert_id BIGINT REFERENCES alerts (id) ON DELETE CASCADE,
  notice TEXT,
  target_id BIGINT,
  digest_id BIGINT,
  priority TEXT NOT NULL,
  rank BIGINT NOT NULL,
  is_counted BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempts BIGINT NOT NULL DEFAULT 0,
  is_resend BIGINT NOT NULL DEFAULT 0,
  accepted_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  finished_at BIGINT,
  message_id BIGINT,
  text TEXT,
  is_silent BIGINT NOT NULL DEFAULT 0,
  -- The bridge that claimed it.
  holder BIGINT
);
CREATE INDEX deliveries_pending ON deliveries (chat, rank, id) WHERE state = 'pending';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'pending';
CREATE INDEX deliveries_claimed ON deliveries (id) WHERE state = 'claimed';
CREATE INDEX deliveries_waiting ON deliveries (accepted_at) WHERE state IN ('pending', 'claimed');
CREATE INDEX deliveries_counted ON deliveries (chat, accepted_at) WHERE is_counted = 1;
CREATE INDEX deliveries_alert ON deliveries (alert_id, chat, phase);
CREATE INDEX deliveries_target ON deliveries (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX deliveries_digest ON deliveries (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX deliveries_digests ON deliveries (chat, id) WHERE phase = 'digest';
CREATE INDEX deliveries_accepted ON deliveries (accepted_at);

CREATE TABLE transitions (
  delivery_id BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT
);
CREATE INDEX transitions_delivery ON transitions (delivery_id);

-- Deliveries by state, as changes to be added up: two transactions never wait for each other's count. Added up now and then.
CREATE TABLE state_counts (state TEXT NOT NULL, count BIGINT NOT NULL);
CREATE FUNCTION count_states() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN INSERT INTO state_counts VALUES (OLD.state, -1); END IF;
  IF TG_OP <> 'DELETE' THEN INSERT INTO state_counts VALUES (NEW.state, 1); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER deliveries_counted_once AFTER INSERT OR DELETE ON deliveries
  FOR EACH ROW EXECUTE FUNCTION count_states();
CREATE TRIGGER deliveries_counted_on AFTER UPDATE OF state ON deliveries
  FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION count_states();

CREATE TABLE subscriptions (
  chat TEXT PRIMARY KEY REFERENCES chats (key),
  symbols TEXT,
  except_symbols TEXT,
  types TEXT,
  lowest_priority TEXT NOT NULL,
  quiet TEXT,
  is_paused BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE silences (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alertmanager_id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  created_by TEXT NOT NULL,
  comment TEXT NOT NULL,
  chat TEXT,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX silences_open ON silences (id) WHERE ended_at IS NULL;
CREATE TABLE silence_hidden (
  silence_id BIGINT NOT NULL REFERENCES silences (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (silence_id, fingerprint, starts_at)
);

CREATE TABLE acknowledgements (
  alert_id BIGINT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  at BIGINT NOT NULL,
  after_ms BIGINT NOT NULL
);
CREATE TABLE votes (
  alert_id BIGINT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  verdict TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (alert_id, person)
);
CREATE TABLE escalations (
  alert_id BIGINT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  at BIGINT NOT NULL
);

CREATE TABLE price_moves (
  alert_id BIGINT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  horizon_minutes BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  state TEXT,
  ratio DOUBLE PRECISION,
  PRIMARY KEY (alert_id, horizon_minutes)
);
CREATE INDEX price_moves_due ON price_moves (due_at) WHERE state IS NULL;
CREATE TABLE lead_times (
  alert_id BIGINT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
  lead_ms BIGINT
);

-- Telegram's limits as all bridges together have used them: a row for each chat, and one without a name for all of them.
-- Times are the database's own; 'recent' is a JSON list of them.
CREATE TABLE pace (
  chat_id TEXT PRIMARY KEY,
  last_at BIGINT NOT NULL,
  closed_until BIGINT NOT NULL,
  recent TEXT NOT NULL,
  slowdown DOUBLE PRECISION NOT NULL,
  slowed_at BIGINT NOT NULL
);
INSERT INTO pace VALUES ('', 0, 0, '[]', 1, 0);

-- Milliseconds since 1970 by the one clock that all bridges share.
CREATE FUNCTION database_now() RETURNS BIGINT LANGUAGE sql VOLATILE AS
  'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT';

-- The plain number under a name in an object of texts as we write them; null where there is none.
CREATE FUNCTION figure_in(texts TEXT, name TEXT) RETURNS DOUBLE PRECISION LANGUAGE sql IMMUTABLE AS
  $$SELECT substring(texts FROM '"' || name || '":" *(-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?) *"')::DOUBLE PRECISION$$;

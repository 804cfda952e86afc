-- What was told within the window is found by what it was about: in a storm there are thousands, one of each.
CREATE INDEX alerts_dedup ON alerts (dedup_key);

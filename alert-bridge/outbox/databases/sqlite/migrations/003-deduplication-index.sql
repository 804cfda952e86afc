-- Duplicates are found by their key: a storm has thousands of alerts within the window, few of each key.
CREATE INDEX alerts_dedup ON alerts (dedup_key);

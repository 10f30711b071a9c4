-- How many reports an agent left out between others when its spool was full, as it tells itself.
ALTER TABLE node_state ADD COLUMN thinned_reports bigint NOT NULL DEFAULT 0;

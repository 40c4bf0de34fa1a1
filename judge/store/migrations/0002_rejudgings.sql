-- Rejudgings: batches that grade the items of another one again, under the same numbers.

ALTER TABLE batches ADD COLUMN base_id TEXT NOT NULL DEFAULT '';

ALTER TABLE batches ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;

-- A report in short. judge.store.marks gives them to reports that are older.
ALTER TABLE reports ADD COLUMN verdict TEXT;

ALTER TABLE reports ADD COLUMN score TEXT;

CREATE INDEX reports_without_mark ON reports (digest) WHERE verdict IS NULL;

-- Of a rejudging's item: what it had in the batch; both empty for a failure.
ALTER TABLE items ADD COLUMN before_verdict TEXT;

ALTER TABLE items ADD COLUMN before_score TEXT;

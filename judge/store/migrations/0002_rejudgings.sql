-- Rejudgings: batches that grade the items of another one again, under the same numbers.

ALTER TABLE batches ADD COLUMN base_id TEXT NOT NULL DEFAULT '';

ALTER TABLE batches ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;

-- An item's result in short; both empty for a failure. judge.store.marks gives them to results that are older.
ALTER TABLE items ADD COLUMN verdict TEXT;

ALTER TABLE items ADD COLUMN score TEXT;

-- Of a rejudging's item: what it had in the batch.
ALTER TABLE items ADD COLUMN before_verdict TEXT;

ALTER TABLE items ADD COLUMN before_score TEXT;

CREATE INDEX items_without_mark ON items (batch_id) WHERE position IS NOT NULL AND verdict IS NULL;

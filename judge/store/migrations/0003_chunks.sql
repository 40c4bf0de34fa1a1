-- The queue: ranges of a batch's item numbers that services have leased.

ALTER TABLE batches ADD COLUMN claimed_number BIGINT NOT NULL DEFAULT 0; -- items up to here were in a chunk

CREATE TABLE chunks (
    batch_id TEXT NOT NULL,
    first_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    attempt BIGINT NOT NULL, -- how often it was claimed
    token TEXT NOT NULL, -- of the claim; another one fences the earlier owner off
    until_unix_ns BIGINT NOT NULL, -- when it may be claimed again
    PRIMARY KEY (batch_id, first_number)
);

CREATE INDEX chunks_by_token ON chunks (token);

-- Whoever claims updates its only row, so that claims come one after the other.
CREATE TABLE chunk_lock (
    claims BIGINT NOT NULL
);

INSERT INTO chunk_lock VALUES (0);

-- Reports by the digest of everything that can change the answer, and batches. Read by SQLite and by PostgreSQL.

CREATE TABLE reports (
    digest TEXT PRIMARY KEY, -- Report.grading_digest
    body BYTEA NOT NULL, -- judge.store.rows
    size_bytes BIGINT NOT NULL, -- of the body
    stored_unix_ns BIGINT NOT NULL
);

CREATE INDEX reports_by_age ON reports (stored_unix_ns);

-- What a service knows of a grading before it has begun, and the report that it led to.
CREATE TABLE works (
    work TEXT PRIMARY KEY,
    digest TEXT NOT NULL
);

CREATE INDEX works_by_digest ON works (digest);

CREATE TABLE batches (
    batch_id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    item_count BIGINT NOT NULL,
    finished_count BIGINT NOT NULL,
    failed_count BIGINT NOT NULL,
    create_unix_ns BIGINT NOT NULL,
    end_unix_ns BIGINT
);

CREATE INDEX batches_by_age ON batches (create_unix_ns, batch_id);

-- An item without a position waits (or was cancelled, if its batch was); with one it has a result, for good.
CREATE TABLE items (
    batch_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    problem TEXT NOT NULL,
    program BYTEA NOT NULL,
    position BIGINT,
    submission_id TEXT, -- of a report
    digest TEXT, -- of a report
    failure BYTEA,
    PRIMARY KEY (batch_id, number),
    UNIQUE (batch_id, item_id),
    UNIQUE (batch_id, position)
);

CREATE INDEX items_by_digest ON items (digest) WHERE digest IS NOT NULL;

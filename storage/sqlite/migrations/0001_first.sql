-- The first schema. Times are UTC epoch seconds, days are UTC dates (YYYY-MM-DD).
-- Where a check stands as CASE or OR: SQLite builds a table for each longer IN list, on every write.

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0), -- the sum of the ledger; only its trigger moves it
    day TEXT                                                 -- the last day that began with an allowance
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (platform, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, -- the order of acceptance, also where the clock went back
    id TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES people (id),
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    created_at REAL NOT NULL,
    ref_platform TEXT,
    ref_token TEXT,
    final_shown INTEGER NOT NULL CHECK (final_shown IN (0, 1)),
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    CHECK ((ref_platform IS NULL) = (ref_token IS NULL))
) STRICT;

CREATE INDEX messages_of_person ON messages (person_id, seq) WHERE NOT deleted;
CREATE INDEX messages_not_final ON messages (seq) WHERE NOT final_shown;

CREATE TABLE accepted_updates (
    platform TEXT NOT NULL,
    update_id TEXT NOT NULL,
    at REAL NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id),
    PRIMARY KEY (platform, update_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES messages (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    platform TEXT NOT NULL, -- with chat, repeated from the message: what is open in a chat is counted by index
    chat TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 3),
    state TEXT NOT NULL CHECK (
        CASE state
            WHEN 'queued' THEN TRUE
            WHEN 'submitting' THEN TRUE
            WHEN 'running' THEN TRUE
            WHEN 'delivering' THEN TRUE
            WHEN 'succeeded' THEN TRUE
            WHEN 'failed' THEN TRUE
            WHEN 'refused' THEN TRUE
            WHEN 'canceled' THEN TRUE
            WHEN 'lost' THEN TRUE
            ELSE FALSE
        END
    ),
    open INTEGER NOT NULL GENERATED ALWAYS AS (
        state = 'queued' OR state = 'submitting' OR state = 'running' OR state = 'delivering'
    ) VIRTUAL,
    capability TEXT NOT NULL,
    request TEXT NOT NULL, -- JSON
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price >= 0),
    created_at REAL NOT NULL,
    submitted_at REAL,
    deadline_at REAL,
    ended_at REAL CHECK (open OR ended_at IS NOT NULL),
    handle TEXT,
    file TEXT,
    media_type TEXT,
    failure TEXT, -- JSON
    UNIQUE (message_id, position)
) STRICT;

CREATE INDEX jobs_open_of_person ON jobs (person_id) WHERE open;
CREATE INDEX jobs_open_in_chat ON jobs (platform, chat) WHERE open;
CREATE INDEX jobs_succeeded ON jobs (provider, model, capability, ended_at) WHERE state = 'succeeded';
CREATE INDEX jobs_file ON jobs (file) WHERE file IS NOT NULL;

-- Every accept asks for the number of open jobs; counting them took 34 us per 1,000.
CREATE TABLE totals (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    open_jobs INTEGER NOT NULL CHECK (open_jobs >= 0)
) STRICT;

INSERT INTO totals VALUES (1, 0);

CREATE TRIGGER jobs_opens AFTER INSERT ON jobs WHEN new.open
BEGIN
    UPDATE totals SET open_jobs = open_jobs + 1;
END;

CREATE TRIGGER jobs_opens_or_ends AFTER UPDATE OF state ON jobs WHEN new.open <> old.open
BEGIN
    UPDATE totals SET open_jobs = open_jobs + new.open - old.open;
END;

-- What a reader of messages sees: one row per job, everything that makes a Message and its Jobs.
CREATE VIEW message_jobs AS
SELECT
    m.seq, m.id AS message_id, m.person_id, m.platform, m.chat, m.created_at AS message_created_at,
    m.ref_platform, m.ref_token, m.final_shown, m.deleted,
    j.id AS job_id, j.position, j.state, j.capability, j.request, j.provider, j.model, j.price, j.created_at,
    j.submitted_at, j.deadline_at, j.ended_at, j.handle, j.file, j.media_type, j.failure
FROM messages AS m
JOIN jobs AS j ON j.message_id = m.id;

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    job_id TEXT REFERENCES jobs (id),
    kind TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    amount INTEGER NOT NULL,
    day TEXT NOT NULL,
    at REAL NOT NULL,
    CHECK (
        CASE kind
            WHEN 'reserve' THEN amount < 0 AND job_id IS NOT NULL
            WHEN 'settle' THEN amount = 0 AND job_id IS NOT NULL
            WHEN 'refund' THEN amount > 0 AND job_id IS NOT NULL
            WHEN 'expire' THEN amount < 0 -- with a job: the part of its refund that is of an earlier day
            WHEN 'allowance' THEN amount > 0 AND job_id IS NULL
            WHEN 'grant' THEN amount <> 0 AND job_id IS NULL
            WHEN 'transfer' THEN amount <> 0 AND job_id IS NULL
            ELSE FALSE
        END
    )
) STRICT;

CREATE UNIQUE INDEX ledger_once_per_job ON ledger (job_id, kind) WHERE job_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_one_end_per_job ON ledger (job_id) WHERE kind IN ('settle', 'refund');
CREATE UNIQUE INDEX ledger_once_per_day ON ledger (person_id, day, kind)
WHERE kind IN ('allowance', 'expire') AND job_id IS NULL;
CREATE INDEX ledger_of_person ON ledger (person_id, id);
CREATE INDEX ledger_allowances ON ledger (person_id, id) WHERE kind = 'allowance';

CREATE TRIGGER ledger_moves_balance AFTER INSERT ON ledger
BEGIN
    UPDATE people SET balance = balance + new.amount WHERE id = new.person_id;
END;

CREATE TRIGGER ledger_keeps_entries BEFORE UPDATE ON ledger
BEGIN
    SELECT raise(ABORT, 'an entry of the ledger never changes');
END;

CREATE TRIGGER ledger_keeps_every_entry BEFORE DELETE ON ledger
BEGIN
    SELECT raise(ABORT, 'an entry of the ledger is never deleted');
END;

CREATE TABLE characters (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES people (id),
    provider TEXT NOT NULL,
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    age INTEGER,
    created_at REAL NOT NULL
) STRICT;

CREATE INDEX characters_of_person ON characters (person_id, seq);

-- Characters are told of in full, jobs make them, and people use one by default. People bring pictures and choose sources.

ALTER TABLE characters ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE characters ADD COLUMN gender TEXT NOT NULL DEFAULT '';
ALTER TABLE characters ADD COLUMN avatar TEXT;
ALTER TABLE characters ADD COLUMN made INTEGER NOT NULL DEFAULT 1 CHECK (made IN (0, 1));

CREATE UNIQUE INDEX characters_once ON characters (person_id, provider, reference);
CREATE INDEX characters_avatar ON characters (avatar) WHERE avatar IS NOT NULL;

-- Also those that their owners removed, and those whose job failed after all: they are nobody else's.
CREATE TABLE made_characters (
    provider TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (provider, reference)
) STRICT, WITHOUT ROWID;

INSERT INTO made_characters SELECT DISTINCT provider, reference FROM characters;

ALTER TABLE preferences ADD COLUMN character TEXT;

ALTER TABLE jobs ADD COLUMN character TEXT; -- JSON
ALTER TABLE jobs ADD COLUMN source_file TEXT GENERATED ALWAYS AS (json_extract(request, '$.source.file')) VIRTUAL;

CREATE INDEX jobs_source_file ON jobs (source_file) WHERE source_file IS NOT NULL;

DROP VIEW message_jobs;

CREATE VIEW message_jobs AS
SELECT
    m.seq, m.id AS message_id, m.person_id, m.platform, m.account, m.chat, m.created_at AS message_created_at,
    m.ref_platform, m.ref_token, m.provisional, m.final_shown, m.deleted,
    j.id AS job_id, j.position, j.state, j.capability, j.request, j.provider, j.model, j.price, j.created_at,
    j.submitted_at, j.deadline_at, j.ended_at, j.handle, j.file, j.media_type, j.character, j.failure
FROM messages AS m
JOIN jobs AS j ON j.message_id = m.id;

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    file TEXT NOT NULL UNIQUE,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    created_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX uploads_by_time ON uploads (created_at);

CREATE TABLE chosen_sources (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES people (id),
    source_id TEXT NOT NULL, -- of a job, an upload or a character
    expires_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX chosen_sources_expire ON chosen_sources (expires_at);

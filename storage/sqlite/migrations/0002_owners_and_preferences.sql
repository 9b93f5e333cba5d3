-- A message knows its person's account, so that they can be told where it is shown. People have preferences.

ALTER TABLE messages ADD COLUMN account TEXT NOT NULL DEFAULT '';

CREATE INDEX accounts_of_person ON accounts (person_id, platform); -- or every message would look at every account

UPDATE messages SET account = a.account FROM accounts AS a
WHERE a.person_id = messages.person_id AND a.platform = messages.platform;

DROP INDEX accounts_of_person;

DROP VIEW message_jobs;

CREATE VIEW message_jobs AS
SELECT
    m.seq, m.id AS message_id, m.person_id, m.platform, m.account, m.chat, m.created_at AS message_created_at,
    m.ref_platform, m.ref_token, m.final_shown, m.deleted,
    j.id AS job_id, j.position, j.state, j.capability, j.request, j.provider, j.model, j.price, j.created_at,
    j.submitted_at, j.deadline_at, j.ended_at, j.handle, j.file, j.media_type, j.failure
FROM messages AS m
JOIN jobs AS j ON j.message_id = m.id;

CREATE TABLE preferences (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES people (id),
    style TEXT,
    model TEXT,
    shape TEXT,
    ping INTEGER NOT NULL CHECK (ping IN (0, 1))
) STRICT, WITHOUT ROWID;

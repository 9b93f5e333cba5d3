-- Where a message is about to be shown, as long as it is not known to be shown there. It may hold a secret of the platform.

ALTER TABLE messages ADD COLUMN provisional TEXT;

DROP VIEW message_jobs;

CREATE VIEW message_jobs AS
SELECT
    m.seq, m.id AS message_id, m.person_id, m.platform, m.account, m.chat, m.created_at AS message_created_at,
    m.ref_platform, m.ref_token, m.provisional, m.final_shown, m.deleted,
    j.id AS job_id, j.position, j.state, j.capability, j.request, j.provider, j.model, j.price, j.created_at,
    j.submitted_at, j.deadline_at, j.ended_at, j.handle, j.file, j.media_type, j.failure
FROM messages AS m
JOIN jobs AS j ON j.message_id = m.id;

-- Of the pictures that a person brought and that nothing is made from, only the newest few are kept.

CREATE INDEX uploads_of_person ON uploads (person_id, created_at);

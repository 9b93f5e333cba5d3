-- What the bot asked people in chats and waits to be answered: one question per person and chat, the last.

CREATE TABLE questions (
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    chat TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (platform, account, chat)
) STRICT, WITHOUT ROWID;

CREATE INDEX questions_expire ON questions (expires_at);

-- Providers that the operator lets rest: they take no new jobs, and those that are `off` none that wait either.

CREATE TABLE rests (
    provider TEXT NOT NULL PRIMARY KEY,
    off INTEGER NOT NULL CHECK (off IN (0, 1)),
    reason TEXT NOT NULL,
    since REAL NOT NULL
) STRICT, WITHOUT ROWID;

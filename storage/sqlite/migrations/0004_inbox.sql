-- Updates that were taken from a platform: kept before they are confirmed there, remembered for as long as
-- they may come again. `body` is emptied once an update was handled; `reason` says why one cannot be.

CREATE TABLE inbox (
    seq INTEGER NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    update_id TEXT NOT NULL,
    received_at REAL NOT NULL,
    body TEXT,
    reason TEXT,
    UNIQUE (platform, update_id)
) STRICT;

CREATE INDEX inbox_received ON inbox (received_at);

CREATE INDEX inbox_open ON inbox (platform, seq) WHERE body IS NOT NULL;

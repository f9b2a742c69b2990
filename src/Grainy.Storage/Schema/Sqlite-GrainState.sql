-- One row per state of a grain. A cleared state keeps its row with a NULL payload, so that its version never starts again.
CREATE TABLE IF NOT EXISTS grain_state
(
    service  TEXT   NOT NULL,
    grain    TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    payload  BLOB   NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (service, grain, name)
);

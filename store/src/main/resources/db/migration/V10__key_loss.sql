-- When the loss of a set's key was noticed, by the time that the server has seen pass; key_lost_at is what the clock said.
CREATE TABLE key_loss (
    set_id ${number} REFERENCES disk_set (id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL
);

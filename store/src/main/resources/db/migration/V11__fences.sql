-- Claims of all operations are numbered in one series, so that hosts can tell the later of any two; failures are counted
-- apart from claims, and so are claims in a row that came to no end.
INSERT INTO counter (name, next) SELECT 'fence', coalesce(max(fence), 0) + 1 FROM operation;
ALTER TABLE operation ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN losses BIGINT NOT NULL DEFAULT 0;

-- The simulated host's side: the highest number it has taken for each VM and each image. Rows outlive what they are
-- about, because a late order may be to make it again.
CREATE TABLE simhost_fence (
    subject TEXT NOT NULL PRIMARY KEY,
    fence BIGINT NOT NULL
);

-- The kinds of images are the program's to know: a new one changes no table.
CREATE TABLE simhost_image_of_any_kind (
    artifact ${identity},
    kind TEXT NOT NULL,
    machine BIGINT REFERENCES simhost_machine (id) ON DELETE RESTRICT,
    sealed ${bytes} NOT NULL,
    bytes BIGINT CHECK (bytes >= 0)
);
INSERT INTO simhost_image_of_any_kind (artifact, kind, machine, sealed, bytes)
SELECT artifact, kind, machine, sealed, bytes FROM simhost_image;
DROP TABLE simhost_image;
ALTER TABLE simhost_image_of_any_kind RENAME TO simhost_image;
CREATE INDEX simhost_image_of_machine ON simhost_image (machine);

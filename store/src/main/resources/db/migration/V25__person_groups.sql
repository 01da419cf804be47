-- Groups of people (docs/portal.md). An id is never a person's or a principal's as well.
CREATE TABLE person_group (
    id TEXT NOT NULL PRIMARY KEY,
    name_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE person_group_member (
    person_group TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (person_group, person)
);
-- Asked at every request of a person: in which groups it is.
CREATE INDEX person_group_of_person ON person_group_member (person, person_group);

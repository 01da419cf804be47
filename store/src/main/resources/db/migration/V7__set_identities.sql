-- The identities of a disk encryption set beside the one that it uses its key as: JSON,
-- {"identities": [{"principal": ..., "resource": ...}]}, without a resource for the set's own. Absent where there are none.
ALTER TABLE disk_set ADD COLUMN other_identities TEXT;

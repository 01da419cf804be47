-- What an operation that has not ended waits for, in the form of its error; such as a host that does not answer.
ALTER TABLE operation ADD COLUMN waiting TEXT;

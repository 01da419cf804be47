-- Lies beside the others and is named by nobody, as after a build that has not been cleaned. Its number is taken.
CREATE TABLE not_listed (id TEXT);

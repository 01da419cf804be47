CREATE TABLE shelf (id ${identity});

-- Lists of VMs by what people look for. Each index has all that a filter asks about, so that a count reads no row; the
-- one of a set takes the place of the index that it begins with. The name is the end of the key: text is looked for in
-- it alone.
ALTER TABLE vm ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE vm SET name = substr(arm_key, ${position}(arm_key, '/providers/microsoft.compute/virtualmachines/') + 45);
CREATE INDEX vm_listed ON vm (arm_key, power, name);
DROP INDEX vm_of_set;
CREATE INDEX vm_of_set ON vm (set_id, arm_key, power, name);
CREATE INDEX vm_with_fault ON vm (arm_key, power, name, set_id) WHERE fault IS NOT NULL;

-- The readings of containers have a column of their own: containers come and go too often for samples.detail, whose
-- layouts are rows for ever. Each value's container is named by a number, so that a name is stored once for the fleet.
-- `day`: the newest day (since 1970-01-01, UTC) with a sample that may need the name; older ones go with their samples.
CREATE TABLE container_names (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    day integer NOT NULL
);

CREATE INDEX container_names_by_day ON container_names (day);

-- All numbers as int4, then for each container its values as float4 (NaN: not measured). NULL: no container ran.
ALTER TABLE samples ADD COLUMN containers bytea;

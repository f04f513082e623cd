-- Whether the database can take what people enter: a row that is updated in its place needs no room, so a full disk let
-- the timer's mark through while every command failed. This makes the file of a table anew and lets it grow by 256 kB.
-- Unlogged: the proof is the growing, and it must not fill the log that backups keep.
CREATE UNLOGGED TABLE feed_room (filler text NOT NULL);
ALTER TABLE feed_room ALTER COLUMN filler SET STORAGE PLAIN;
REVOKE ALL ON feed_room FROM relay_app;

CREATE FUNCTION feed_prove_room_v1() RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE feed_room;
    INSERT INTO feed_room SELECT repeat('x', 7900) FROM generate_series(1, 32);
    INSERT INTO feed_pass (name, at) VALUES ('written', clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET at = excluded.at;
    RETURN clock_timestamp();
END $$;
REVOKE EXECUTE ON FUNCTION feed_prove_room_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION feed_prove_room_v1() TO relay_app;

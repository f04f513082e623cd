-- Roles of one cluster. Run as superuser, any number of times.
--   relay_owner      owns the schema and runs migrations
--   relay_app        what gateway, timer and worker are: reads and writes rows, never alters the feed
--   relay_simulator  may shift time (tests, the demonstration seed, exercises, simulations); no login
--   relay_sim        relay_app that may shift time
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relay_owner') THEN CREATE ROLE relay_owner LOGIN CREATEDB; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relay_app') THEN CREATE ROLE relay_app LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relay_simulator') THEN CREATE ROLE relay_simulator NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relay_sim') THEN CREATE ROLE relay_sim LOGIN; END IF;
END
$$;
GRANT relay_simulator TO relay_owner;
GRANT relay_app, relay_simulator TO relay_sim;
-- One stopped client that holds a centre's head would stop the centre (docs/decisions): it is cut off after two seconds.
ALTER ROLE relay_app SET lock_timeout = '3s';
ALTER ROLE relay_app SET idle_in_transaction_session_timeout = '2s';
ALTER ROLE relay_sim SET lock_timeout = '3s';
ALTER ROLE relay_sim SET idle_in_transaction_session_timeout = '2s';

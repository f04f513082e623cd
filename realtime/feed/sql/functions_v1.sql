-- The feed's functions. `relay_owner` owns them; the application may call them and may not write head or facts itself.

-- The time of an action: the clock, read after the aggregate is locked, never below the aggregate's last `at`
-- (rules, "Whose time"). Only a session of the simulator's role may have it shifted.
CREATE FUNCTION relay_at(p_last timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
BEGIN
    IF pg_has_role(session_user, 'relay_simulator', 'MEMBER') THEN
        v_now := v_now
            + coalesce(nullif(current_setting('relay60.shift', true), '')::interval, interval '0')
            + coalesce((SELECT shift FROM simulated_shift), interval '0');
    END IF;
    RETURN greatest(v_now, p_last);
END
$$;

-- Chains one fact: sha256(previous | epoch | seq | sha256(bytes) | sha256(audience)); numbers are 8 bytes, big-endian.
CREATE FUNCTION feed_hash_v1(p_previous bytea, p_epoch bigint, p_seq bigint, p_bytes bytea, p_audience bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT sha256(p_previous || int8send(p_epoch) || int8send(p_seq) || sha256(p_bytes) || sha256(p_audience))
$$;

-- Begins the feed of a centre. A second call changes nothing.
CREATE FUNCTION feed_open_centre_v1(p_centre uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO feed_centre_head (centre_id, epoch, seq, hash, advanced_at)
    VALUES (p_centre, 1, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
    ON CONFLICT DO NOTHING
$$;

-- Appends n facts as the last statement of a transaction: advances the head once, chains, inserts, and stores the
-- answer on the key's row. Arrays run in parallel. The answer is p_answer_head | seq of fact p_answer | p_answer_tail.
CREATE FUNCTION feed_append_v1(
    p_centre uuid, p_at timestamptz, p_names text[], p_kinds text[], p_objects uuid[], p_versions int[],
    p_bytes bytea[], p_audiences bytea[], p_addressed text[],
    p_principal text, p_key text, p_answer int, p_answer_head bytea, p_answer_tail bytea,
    OUT epoch int, OUT last_seq bigint, OUT answer bytea
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_n int := cardinality(p_bytes);
    v_first bigint;
    v_hash bytea;
    v_hashes bytea[] := '{}';
    v_missing int;
BEGIN
    IF v_n < 1 OR v_n > 200 THEN
        RAISE EXCEPTION 'feed_append: 1 to 200 facts a transaction, not %', v_n USING ERRCODE = '22023';
    END IF;
    SELECT h.epoch, h.seq, h.hash INTO epoch, v_first, v_hash
        FROM feed_centre_head h WHERE h.centre_id = p_centre FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'feed_append: centre % has no head', p_centre USING ERRCODE = '23503';
    END IF;
    FOR i IN 1 .. v_n LOOP
        v_hash := feed_hash_v1(v_hash, epoch, v_first + i, p_bytes[i], p_audiences[i]);
        v_hashes := v_hashes || v_hash;
    END LOOP;
    last_seq := v_first + v_n;
    INSERT INTO feed_fact
        (centre_id, seq, epoch, at, name, object_kind, object_id, version, bytes, audience, addressed_to, hash)
    SELECT p_centre, v_first + f.i, feed_append_v1.epoch, p_at, f.name, f.kind, f.object, f.version,
           f.bytes, f.audience, f.addressed, f.hash
        FROM unnest(p_names, p_kinds, p_objects, p_versions, p_bytes, p_audiences, p_addressed, v_hashes)
             WITH ORDINALITY AS f(name, kind, object, version, bytes, audience, addressed, hash, i);
    SELECT count(*) INTO v_missing FROM unnest(p_objects, p_versions) AS f(object, version)
        WHERE f.version > 1 AND NOT EXISTS (
            SELECT FROM feed_fact p
            WHERE p.centre_id = p_centre AND p.object_id = f.object AND p.version = f.version - 1);
    IF v_missing > 0 THEN
        RAISE EXCEPTION 'feed_append: % facts skip a version of their object', v_missing
            USING ERRCODE = '23514', CONSTRAINT = 'fact_takes_the_next_version_of_its_object';
    END IF;
    UPDATE feed_centre_head h SET seq = last_seq, hash = v_hash, advanced_at = clock_timestamp()
        WHERE h.centre_id = p_centre;
    answer := p_answer_head || convert_to((v_first + 1 + p_answer)::text, 'UTF8') || p_answer_tail;
    IF p_key IS NOT NULL THEN
        UPDATE feed_command_key k SET answer = feed_append_v1.answer
            WHERE k.principal = p_principal AND k.key = p_key AND k.answer IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'feed_append: no open key % of %', p_key, p_principal USING ERRCODE = '23503';
        END IF;
    END IF;
END
$$;

-- Begins a new epoch, after history was lost or forked: readers with an older cursor are told to start over. The
-- epoch lies above every one that was ever used: a restored head does not know how far its lost future had come.
CREATE FUNCTION feed_open_epoch_v1(p_centre uuid, p_seen int) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE feed_centre_head SET epoch = greatest(epoch, p_seen) + 1, advanced_at = clock_timestamp()
    WHERE centre_id = p_centre RETURNING epoch
$$;

-- What happened stays: no role edits or removes a fact by a statement.
CREATE FUNCTION feed_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fact is never changed or removed (%)', TG_OP USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER fact_is_never_changed_or_removed BEFORE UPDATE OR DELETE ON feed_fact
    FOR EACH ROW EXECUTE FUNCTION feed_refuse();

GRANT USAGE ON SCHEMA public TO relay_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO relay_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO relay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO relay_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO relay_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON feed_fact, feed_centre_head, simulated_shift FROM relay_app;
REVOKE UPDATE, TRUNCATE ON feed_command_key FROM relay_app;
GRANT INSERT, UPDATE, DELETE ON simulated_shift TO relay_simulator;
REVOKE EXECUTE ON FUNCTION feed_open_centre_v1(uuid), feed_open_epoch_v1(uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION feed_open_centre_v1(uuid), feed_open_epoch_v1(uuid, int) TO relay_app;

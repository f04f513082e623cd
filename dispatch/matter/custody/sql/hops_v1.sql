-- Custody has no gap, no overlap, and no second telling: a hop begins where the last of its chain ended, and what was
-- written stays, but for its end.

CREATE FUNCTION relays_hop_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM relays_hop h WHERE h.issue_id = NEW.issue_id
               AND (h.chain > NEW.chain OR h.to_at IS NULL OR h.to_at > NEW.from_at))
       OR (SELECT max(h.to_at) FROM relays_hop h WHERE h.issue_id = NEW.issue_id AND h.chain = NEW.chain)
          <> NEW.from_at THEN
        PERFORM aggregate_refuse('hop_begins_where_the_last_ended', 'hop_begins_where_the_last_ended');
    END IF;
    IF NOT EXISTS (SELECT FROM issues_issue i JOIN organisations_unit u ON u.centre_id = i.centre_id
                   WHERE i.id = NEW.issue_id AND u.id = NEW.holder_id) THEN
        PERFORM aggregate_refuse('hop_is_of_one_centre', 'hop_is_of_one_centre: its holder is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER hop_begins_where_the_last_ended BEFORE INSERT ON relays_hop
    FOR EACH ROW EXECUTE FUNCTION relays_hop_fits();

CREATE FUNCTION relays_hop_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('hop_stays_as_it_was', 'hop_stays_as_it_was: ' || TG_OP);
    RETURN NULL;
END
$$;
CREATE TRIGGER hop_is_not_edited BEFORE UPDATE ON relays_hop FOR EACH ROW
    WHEN (OLD.to_at IS NOT NULL OR
          (OLD.id, OLD.issue_id, OLD.chain, OLD.holder_id, OLD.from_at, OLD.how, OLD.by) IS DISTINCT FROM
          (NEW.id, NEW.issue_id, NEW.chain, NEW.holder_id, NEW.from_at, NEW.how, NEW.by))
    EXECUTE FUNCTION relays_hop_stays();
CREATE TRIGGER hop_is_not_removed BEFORE DELETE ON relays_hop
    FOR EACH ROW EXECUTE FUNCTION relays_hop_stays();
REVOKE DELETE ON relays_hop FROM relay_app;

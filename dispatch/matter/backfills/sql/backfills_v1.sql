-- A backfill is vouched for by whoever decided then: the duty lead's post, or one that the approvals were delegated to.
-- It is of its issue's own order, in one centre, and stays as it was written.

CREATE FUNCTION backfills_backfill_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM people_post p WHERE p.id = NEW.post_id
                   AND (p.role = 'duty_lead'
                        OR EXISTS (SELECT FROM people_delegation d WHERE d.post_id = p.id
                                   -- a minute: who was a deputy when the command came in may have waited for a lock
                                   AND d.given_at <= NEW.entered_at
                                   AND coalesce(d.ended_at, d.until) > NEW.entered_at - interval '1 minute'))) THEN
        PERFORM aggregate_refuse('backfill_is_a_duty_leads', 'backfill_is_a_duty_leads: no lead''s post, no deputy''s');
    END IF;
    IF NOT EXISTS (SELECT FROM issues_issue i
                   JOIN people_post p ON p.id = NEW.post_id
                   JOIN organisations_unit u ON u.id = p.unit_id AND u.centre_id = i.centre_id
                   WHERE i.id = NEW.issue_id)
       OR (NEW.order_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND o.issue_id = NEW.issue_id)) THEN
        PERFORM aggregate_refuse('backfill_is_of_one_issue', 'backfill_is_of_one_issue: another''s order, or post');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER backfill_is_a_duty_leads BEFORE INSERT ON backfills_backfill
    FOR EACH ROW EXECUTE FUNCTION backfills_backfill_fits();

CREATE FUNCTION backfills_backfill_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('backfill_stays_as_it_was', 'backfill_stays_as_it_was: ' || TG_OP);
    RETURN NULL;
END
$$;
CREATE TRIGGER backfill_is_not_edited BEFORE UPDATE OR DELETE ON backfills_backfill
    FOR EACH ROW EXECUTE FUNCTION backfills_backfill_stays();
REVOKE UPDATE, DELETE ON backfills_backfill FROM relay_app;

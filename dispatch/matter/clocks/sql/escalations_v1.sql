-- What the ladder told is of the clock's own issue, and stays as it was told, but for its end.

CREATE FUNCTION clocks_escalation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM clocks_clock c JOIN issues_issue i ON i.id = c.issue_id
                   JOIN organisations_unit u ON u.centre_id = i.centre_id
                   WHERE c.id = NEW.clock_id AND c.issue_id = NEW.issue_id AND u.id = NEW.unit_id) THEN
        PERFORM aggregate_refuse('escalation_is_of_one_issue', 'escalation_is_of_one_issue: its clock or unit is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER escalation_begins_in_one_issue BEFORE INSERT ON clocks_escalation
    FOR EACH ROW EXECUTE FUNCTION clocks_escalation_fits();

CREATE FUNCTION clocks_escalation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('what_was_told_stays_told', 'what_was_told_stays_told: ' || TG_OP);
    RETURN NULL;
END
$$;
CREATE TRIGGER what_was_told_is_not_edited BEFORE UPDATE ON clocks_escalation FOR EACH ROW
    WHEN ((OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at) OR
          (OLD.issue_id, OLD.clock_id, OLD.percent, OLD.unit_id, OLD.post_id, OLD.rank, OLD.told_at) IS DISTINCT FROM
          (NEW.issue_id, NEW.clock_id, NEW.percent, NEW.unit_id, NEW.post_id, NEW.rank, NEW.told_at))
    EXECUTE FUNCTION clocks_escalation_stays();
CREATE TRIGGER what_was_told_is_not_removed BEFORE DELETE ON clocks_escalation
    FOR EACH ROW EXECUTE FUNCTION clocks_escalation_stays();
REVOKE DELETE ON clocks_escalation FROM relay_app;

-- The unit is told at the very instant at which the light turns amber: one instant, kept in two rows.

CREATE OR REPLACE FUNCTION aggregate_due_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of clocks_clock;
BEGIN
    SELECT * INTO of FROM clocks_clock c WHERE c.id = NEW.clock_id AND c.issue_id = NEW.issue_id;
    IF NOT FOUND THEN
        PERFORM aggregate_refuse('due_is_of_one_issue', 'due_is_of_one_issue: its clock is another''s');
    END IF;
    IF NEW.tells = 'unit' AND (NEW.percent, NEW.due_at) IS DISTINCT FROM (of.amber_share::int, of.amber_at) THEN
        PERFORM aggregate_refuse('unit_is_told_at_amber', 'unit_is_told_at_amber: its clock turns amber at another time');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER due_moves_with_its_clock BEFORE UPDATE ON clocks_due FOR EACH ROW
    WHEN ((OLD.percent, OLD.due_at, OLD.tells) IS DISTINCT FROM (NEW.percent, NEW.due_at, NEW.tells))
    EXECUTE FUNCTION aggregate_due_fits();

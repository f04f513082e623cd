-- What belongs to an aggregate is of one centre and one issue, and what was said or judged stays. Checked where such a
-- row begins or such a column changes; the owner may switch the triggers off for a bulk load of its own.

CREATE FUNCTION aggregate_refuse(p_name text, p_words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_words USING ERRCODE = '23514', CONSTRAINT = p_name;
END
$$;

CREATE FUNCTION aggregate_issue_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM organisations_unit u WHERE u.id = NEW.responsible_id AND u.centre_id = NEW.centre_id)
       OR (NEW.cell_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM grid_cell c WHERE c.id = NEW.cell_id AND c.centre_id = NEW.centre_id)) THEN
        PERFORM aggregate_refuse('issue_is_of_one_centre', 'issue_is_of_one_centre: its unit or cell is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER issue_begins_in_one_centre BEFORE INSERT ON issues_issue
    FOR EACH ROW EXECUTE FUNCTION aggregate_issue_fits();
CREATE TRIGGER issue_stays_in_one_centre BEFORE UPDATE ON issues_issue FOR EACH ROW
    WHEN ((OLD.centre_id, OLD.responsible_id, OLD.cell_id) IS DISTINCT FROM
          (NEW.centre_id, NEW.responsible_id, NEW.cell_id))
    EXECUTE FUNCTION aggregate_issue_fits();

CREATE FUNCTION aggregate_report_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM issues_issue i WHERE i.id = NEW.issue_id AND i.centre_id = NEW.centre_id)
       OR (NEW.cell_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM grid_cell c WHERE c.id = NEW.cell_id AND c.centre_id = NEW.centre_id)) THEN
        PERFORM aggregate_refuse('report_is_of_one_centre', 'report_is_of_one_centre: its issue or cell is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_begins_in_one_centre BEFORE INSERT ON intake_report
    FOR EACH ROW EXECUTE FUNCTION aggregate_report_fits();
CREATE TRIGGER report_stays_in_one_centre BEFORE UPDATE ON intake_report FOR EACH ROW
    WHEN ((OLD.centre_id, OLD.issue_id, OLD.cell_id) IS DISTINCT FROM (NEW.centre_id, NEW.issue_id, NEW.cell_id))
    EXECUTE FUNCTION aggregate_report_fits();

CREATE FUNCTION aggregate_order_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM issues_issue i JOIN organisations_unit u ON u.centre_id = i.centre_id
                   WHERE i.id = NEW.issue_id AND u.id = NEW.unit_id) THEN
        PERFORM aggregate_refuse('order_is_of_one_centre', 'order_is_of_one_centre: no issue_id, or its unit is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER order_begins_in_one_centre BEFORE INSERT ON orders_order
    FOR EACH ROW EXECUTE FUNCTION aggregate_order_fits();
CREATE TRIGGER order_stays_with_its_issue BEFORE UPDATE ON orders_order FOR EACH ROW
    WHEN ((OLD.issue_id, OLD.unit_id) IS DISTINCT FROM (NEW.issue_id, NEW.unit_id))
    EXECUTE FUNCTION aggregate_order_fits();

CREATE FUNCTION aggregate_clock_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.report_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM intake_report r WHERE r.id = NEW.report_id AND r.issue_id = NEW.issue_id))
       OR (NEW.order_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND o.issue_id = NEW.issue_id)) THEN
        PERFORM aggregate_refuse('clock_is_of_one_issue', 'clock_is_of_one_issue: it judges another''s report or order');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER clock_begins_in_one_issue BEFORE INSERT ON clocks_clock
    FOR EACH ROW EXECUTE FUNCTION aggregate_clock_fits();
CREATE TRIGGER clock_stays_in_one_issue BEFORE UPDATE ON clocks_clock FOR EACH ROW
    WHEN ((OLD.issue_id, OLD.report_id, OLD.order_id) IS DISTINCT FROM (NEW.issue_id, NEW.report_id, NEW.order_id))
    EXECUTE FUNCTION aggregate_clock_fits();

CREATE FUNCTION aggregate_due_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM clocks_clock c WHERE c.id = NEW.clock_id AND c.issue_id = NEW.issue_id) THEN
        PERFORM aggregate_refuse('due_is_of_one_issue', 'due_is_of_one_issue: its clock is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER due_begins_in_one_issue BEFORE INSERT ON clocks_due
    FOR EACH ROW EXECUTE FUNCTION aggregate_due_fits();
CREATE TRIGGER due_stays_in_one_issue BEFORE UPDATE ON clocks_due FOR EACH ROW
    WHEN ((OLD.clock_id, OLD.issue_id) IS DISTINCT FROM (NEW.clock_id, NEW.issue_id))
    EXECUTE FUNCTION aggregate_due_fits();

CREATE FUNCTION aggregate_due_fired_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('what_was_fired_stays_fired', 'what_was_fired_stays_fired: ' || TG_OP);
    RETURN NULL;
END
$$;
CREATE TRIGGER what_was_fired_is_not_taken_back BEFORE UPDATE ON clocks_due FOR EACH ROW
    WHEN (OLD.fired_at IS NOT NULL AND
          (OLD.fired_at, OLD.due_at, OLD.percent) IS DISTINCT FROM (NEW.fired_at, NEW.due_at, NEW.percent))
    EXECUTE FUNCTION aggregate_due_fired_stays();
CREATE TRIGGER what_was_fired_is_not_removed BEFORE DELETE ON clocks_due FOR EACH ROW
    WHEN (OLD.fired_at IS NOT NULL) EXECUTE FUNCTION aggregate_due_fired_stays();

-- Answers and notes are never edited or removed (erasing destroys the issue's key); nothing of an aggregate is removed.
REVOKE UPDATE, DELETE ON issues_note, orders_feedback FROM relay_app;
REVOKE DELETE ON issues_issue, issues_issuenumber, intake_report, orders_order, clocks_clock FROM relay_app;
-- A key's answer is written by `feed_append_v1` alone.
REVOKE INSERT ON feed_command_key FROM relay_app;
GRANT INSERT (principal, key, body_hash, made_at) ON feed_command_key TO relay_app;

-- What passes with a reporter belongs to a report of the issue that it names: the key that seals it is that issue's.

CREATE FUNCTION replies_row_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM intake_report r WHERE r.id = NEW.report_id AND r.issue_id = NEW.issue_id) THEN
        PERFORM aggregate_refuse('reply_is_of_one_issue', 'reply_is_of_one_issue: ' || TG_TABLE_NAME || ', another''s report');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reply_begins_in_one_issue BEFORE INSERT ON replies_reply
    FOR EACH ROW EXECUTE FUNCTION replies_row_fits();
CREATE TRIGGER reply_stays_in_one_issue BEFORE UPDATE ON replies_reply FOR EACH ROW
    WHEN ((OLD.issue_id, OLD.report_id) IS DISTINCT FROM (NEW.issue_id, NEW.report_id))
    EXECUTE FUNCTION replies_row_fits();
CREATE TRIGGER addition_begins_in_one_issue BEFORE INSERT ON replies_addition
    FOR EACH ROW EXECUTE FUNCTION replies_row_fits();
CREATE TRIGGER addition_stays_in_one_issue BEFORE UPDATE ON replies_addition FOR EACH ROW
    WHEN ((OLD.issue_id, OLD.report_id) IS DISTINCT FROM (NEW.issue_id, NEW.report_id))
    EXECUTE FUNCTION replies_row_fits();
CREATE TRIGGER rating_begins_in_one_issue BEFORE INSERT ON replies_rating
    FOR EACH ROW EXECUTE FUNCTION replies_row_fits();
CREATE TRIGGER rating_stays_in_one_issue BEFORE UPDATE ON replies_rating FOR EACH ROW
    WHEN ((OLD.issue_id, OLD.report_id) IS DISTINCT FROM (NEW.issue_id, NEW.report_id))
    EXECUTE FUNCTION replies_row_fits();

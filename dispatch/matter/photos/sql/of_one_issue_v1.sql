-- A photo that was given away shows a report or an order of its own issue, in that issue's centre.

CREATE FUNCTION photos_photo_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.issue_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM issues_issue i WHERE i.id = NEW.issue_id AND i.centre_id = NEW.centre_id)
       OR (NEW.report_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM intake_report r WHERE r.id = NEW.report_id AND r.issue_id = NEW.issue_id))
       OR (NEW.order_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND o.issue_id = NEW.issue_id)) THEN
        PERFORM aggregate_refuse('photo_is_of_one_issue', 'photo_is_of_one_issue: it shows another''s, or lies elsewhere');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER photo_begins_in_one_issue BEFORE INSERT ON photos_photo
    FOR EACH ROW EXECUTE FUNCTION photos_photo_fits();
CREATE TRIGGER photo_stays_in_one_issue BEFORE UPDATE ON photos_photo FOR EACH ROW
    WHEN ((OLD.centre_id, OLD.issue_id, OLD.report_id, OLD.order_id) IS DISTINCT FROM
          (NEW.centre_id, NEW.issue_id, NEW.report_id, NEW.order_id))
    EXECUTE FUNCTION photos_photo_fits();

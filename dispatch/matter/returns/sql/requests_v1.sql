-- A return request is about an order of its own issue, and proposes a unit of the same centre.

CREATE FUNCTION returns_request_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND o.issue_id = NEW.issue_id) THEN
        PERFORM aggregate_refuse('request_is_of_one_issue', 'request_is_of_one_issue: its order is another''s');
    END IF;
    IF NEW.proposed_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM issues_issue i JOIN organisations_unit u ON u.centre_id = i.centre_id
                       WHERE i.id = NEW.issue_id AND u.id = NEW.proposed_id) THEN
        PERFORM aggregate_refuse('request_is_of_one_centre', 'request_is_of_one_centre: its unit is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER request_begins_in_one_issue BEFORE INSERT ON returns_returnrequest
    FOR EACH ROW EXECUTE FUNCTION returns_request_fits();
CREATE TRIGGER request_stays_in_one_issue BEFORE UPDATE ON returns_returnrequest FOR EACH ROW
    WHEN ((OLD.issue_id, OLD.order_id, OLD.proposed_id) IS DISTINCT FROM
          (NEW.issue_id, NEW.order_id, NEW.proposed_id))
    EXECUTE FUNCTION returns_request_fits();
REVOKE DELETE ON returns_returnrequest FROM relay_app;

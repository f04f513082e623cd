-- A clock of a forward judges one of its own order.

CREATE FUNCTION clocks_forward_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM orders_forward f WHERE f.id = NEW.forward_id AND f.order_id = NEW.order_id) THEN
        PERFORM aggregate_refuse('clock_is_of_one_order', 'clock_is_of_one_order: its forward is another''s');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER clock_of_a_forward_begins_with_its_order BEFORE INSERT ON clocks_clock FOR EACH ROW
    WHEN (NEW.forward_id IS NOT NULL) EXECUTE FUNCTION clocks_forward_fits();
CREATE TRIGGER clock_of_a_forward_stays_with_its_order BEFORE UPDATE ON clocks_clock FOR EACH ROW
    WHEN (NEW.forward_id IS NOT NULL AND (OLD.order_id, OLD.forward_id) IS DISTINCT FROM (NEW.order_id, NEW.forward_id))
    EXECUTE FUNCTION clocks_forward_fits();

-- An order goes down the tree of places, from who has it to a place under them, one hand-over at a time; what was written
-- of it stays, but for its acknowledgment and its end; and an order names its takers as its live forwards do,
-- which are written first.

CREATE FUNCTION orders_forward_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.giver_id IS DISTINCT FROM (
        CASE WHEN NEW.step = 1 THEN (SELECT o.unit_id FROM orders_order o WHERE o.id = NEW.order_id)
        ELSE (SELECT f.taker_id FROM orders_forward f
              WHERE f.order_id = NEW.order_id AND f.step = NEW.step - 1 AND f.ended_at IS NULL) END
    ) THEN
        PERFORM aggregate_refuse('forward_comes_from_who_has_the_order', 'forward_comes_from_who_has_the_order');
    END IF;
    IF NOT EXISTS (SELECT FROM organisations_unit g JOIN organisations_unit t ON t.centre_id = g.centre_id
                   WHERE g.id = NEW.giver_id AND t.id = NEW.taker_id AND t.kind IN ('township_centre', 'community_centre')
                   AND starts_with(t.cell_path, g.cell_path || '/')) THEN
        PERFORM aggregate_refuse('forward_goes_to_a_place_below', 'forward_goes_to_a_place_below: its taker is elsewhere');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER forward_goes_down BEFORE INSERT ON orders_forward
    FOR EACH ROW EXECUTE FUNCTION orders_forward_fits();

CREATE FUNCTION orders_forward_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('forward_stays_as_it_was', 'forward_stays_as_it_was: ' || TG_OP);
    RETURN NULL;
END
$$;
CREATE TRIGGER forward_is_not_edited BEFORE UPDATE ON orders_forward FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL OR
          (OLD.acknowledged_at IS NOT NULL AND
           (OLD.acknowledged_at, OLD.acknowledged_by) IS DISTINCT FROM (NEW.acknowledged_at, NEW.acknowledged_by)) OR
          (OLD.id, OLD.order_id, OLD.step, OLD.giver_id, OLD.taker_id, OLD.sent_at, OLD.by) IS DISTINCT FROM
          (NEW.id, NEW.order_id, NEW.step, NEW.giver_id, NEW.taker_id, NEW.sent_at, NEW.by))
    EXECUTE FUNCTION orders_forward_stays();
CREATE TRIGGER forward_is_not_removed BEFORE DELETE ON orders_forward
    FOR EACH ROW EXECUTE FUNCTION orders_forward_stays();
REVOKE DELETE ON orders_forward FROM relay_app;

CREATE FUNCTION orders_takers_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.takers IS DISTINCT FROM
       (SELECT coalesce(array_agg(f.taker_id ORDER BY f.step), '{}') FROM orders_forward f
        WHERE f.order_id = NEW.id AND f.ended_at IS NULL) THEN
        PERFORM aggregate_refuse('order_names_its_takers', 'order_names_its_takers: its live forwards say otherwise');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER order_names_its_takers BEFORE UPDATE ON orders_order FOR EACH ROW
    WHEN (OLD.takers IS DISTINCT FROM NEW.takers) EXECUTE FUNCTION orders_takers_fit();

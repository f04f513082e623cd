-- A message stays as it was written. It is answered once, struck once, and given a version; nothing else of it moves.
-- What is written of a matter is of that matter: its order, its note, and what it answers, in one thread.

CREATE FUNCTION matter_messages_message_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM issues_note n WHERE n.id = NEW.note_id AND n.issue_id = NEW.issue_id)
       OR (NEW.order_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND o.issue_id = NEW.issue_id))
       OR (NEW.answers_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM matter_messages_message m
                           WHERE m.id = NEW.answers_id AND m.issue_id = NEW.issue_id
                                 AND m.order_id IS NOT DISTINCT FROM NEW.order_id AND m.asks_id = NEW.unit_id)) THEN
        PERFORM aggregate_refuse('message_is_of_one_issue', 'message_is_of_one_issue: another''s order, note, question');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER message_is_of_one_issue BEFORE INSERT ON matter_messages_message
    FOR EACH ROW EXECUTE FUNCTION matter_messages_message_fits();

CREATE FUNCTION matter_messages_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('what_was_written_stays', 'what_was_written_stays: ' || TG_OP || ' ' || TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER message_is_not_edited BEFORE UPDATE ON matter_messages_message FOR EACH ROW
    WHEN ((OLD.id, OLD.issue_id, OLD.order_id, OLD.kind, OLD.unit_id, OLD.by, OLD.at, OLD.note_id, OLD.asks_id,
           OLD.answer_by, OLD.answers_id) IS DISTINCT FROM
          (NEW.id, NEW.issue_id, NEW.order_id, NEW.kind, NEW.unit_id, NEW.by, NEW.at, NEW.note_id, NEW.asks_id,
           NEW.answer_by, NEW.answers_id)
          OR (OLD.answered_at IS NOT NULL AND OLD.answered_at IS DISTINCT FROM NEW.answered_at)
          OR (OLD.struck_at IS NOT NULL AND (OLD.struck_at, OLD.struck_by, OLD.struck_unit_id, OLD.struck_ground)
              IS DISTINCT FROM (NEW.struck_at, NEW.struck_by, NEW.struck_unit_id, NEW.struck_ground)))
    EXECUTE FUNCTION matter_messages_stays();
CREATE TRIGGER message_is_not_removed BEFORE DELETE ON matter_messages_message
    FOR EACH ROW EXECUTE FUNCTION matter_messages_stays();
CREATE TRIGGER reading_is_not_edited BEFORE UPDATE OR DELETE ON matter_messages_reading
    FOR EACH ROW EXECUTE FUNCTION matter_messages_stays();
REVOKE DELETE ON matter_messages_message FROM relay_app;
REVOKE UPDATE, DELETE ON matter_messages_reading FROM relay_app;

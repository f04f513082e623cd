-- A photo or document that was given to a report, a feedback or a message stays there. What still waits may be given
-- away, or removed unused.

CREATE FUNCTION photos_photo_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('what_was_given_stays', 'what_was_given_stays: ' || TG_OP || ' ' || TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER photo_that_was_given_stays BEFORE UPDATE OR DELETE ON photos_photo FOR EACH ROW
    WHEN (OLD.issue_id IS NOT NULL) EXECUTE FUNCTION photos_photo_stays();

-- It shows something of its own matter.
CREATE FUNCTION photos_message_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM matter_messages_message m WHERE m.id = NEW.message_id AND m.issue_id = NEW.issue_id) THEN
        PERFORM aggregate_refuse('photo_is_of_one_issue', 'photo_is_of_one_issue: its message is another''s');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER photo_of_a_message_is_of_one_issue AFTER INSERT OR UPDATE ON photos_photo
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.message_id IS NOT NULL) EXECUTE FUNCTION photos_message_fits();

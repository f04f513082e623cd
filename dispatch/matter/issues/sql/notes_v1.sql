-- What was written of a matter stays as it was written, and when: more can be added, nothing altered or removed.

CREATE FUNCTION issues_note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('what_was_written_stays', 'what_was_written_stays: ' || TG_OP || ' ' || TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER note_is_not_edited BEFORE UPDATE OR DELETE ON issues_note
    FOR EACH ROW EXECUTE FUNCTION issues_note_stays();
REVOKE UPDATE, DELETE ON issues_note FROM relay_app;

-- What a report told stays as it came in: its words, its times, who told it. Where it lies may be found out later, and
-- its reporter may take it back.

CREATE FUNCTION intake_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM aggregate_refuse('what_was_told_stays', 'what_was_told_stays: ' || TG_OP || ' ' || TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER report_is_not_rewritten BEFORE UPDATE ON intake_report FOR EACH ROW
    WHEN ((OLD.id, OLD.received_at, OLD.source_received_at, OLD.observed_at, OLD.by, OLD.post_id, OLD.sealed)
          IS DISTINCT FROM
          (NEW.id, NEW.received_at, NEW.source_received_at, NEW.observed_at, NEW.by, NEW.post_id, NEW.sealed))
    EXECUTE FUNCTION intake_report_stays();
CREATE TRIGGER report_is_not_removed BEFORE DELETE ON intake_report
    FOR EACH ROW EXECUTE FUNCTION intake_report_stays();
REVOKE DELETE ON intake_report FROM relay_app;

"""Lets the database refuse that a handover is changed but by its end, or removed. Runs beside the release before."""

from django.db import migrations

SQL = """
CREATE FUNCTION handovers_handover_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'handover_stays_as_it_was: %', TG_OP
        USING ERRCODE = '23514', CONSTRAINT = 'handover_stays_as_it_was';
END
$$;
-- Only what waits is ended, once: taken over, or withdrawn. What was signed is never another.
CREATE TRIGGER handover_is_not_edited BEFORE UPDATE ON handovers_handover FOR EACH ROW
    WHEN (OLD.state <> 'given' OR NEW.version <> OLD.version + 1 OR
          (OLD.id, OLD.centre_id, OLD.since, OLD.at, OLD.giver_id, OLD.sheet, OLD.sealed_notes) IS DISTINCT FROM
          (NEW.id, NEW.centre_id, NEW.since, NEW.at, NEW.giver_id, NEW.sheet, NEW.sealed_notes))
    EXECUTE FUNCTION handovers_handover_stays();
CREATE TRIGGER handover_is_not_removed BEFORE DELETE ON handovers_handover
    FOR EACH ROW EXECUTE FUNCTION handovers_handover_stays();
REVOKE DELETE ON handovers_handover FROM relay_app;
"""
UNDO = """
GRANT DELETE ON handovers_handover TO relay_app;
DROP TRIGGER handover_is_not_removed ON handovers_handover;
DROP TRIGGER handover_is_not_edited ON handovers_handover;
DROP FUNCTION handovers_handover_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("handovers", "0001_handovers")]

    operations = [migrations.RunSQL(SQL, UNDO)]

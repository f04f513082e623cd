"""A post is of one centre: person, unit and cell. No constraint spans tables, so a trigger says it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION post_is_of_one_centre() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_centre uuid;
BEGIN
    SELECT centre_id INTO v_centre FROM people_person WHERE id = NEW.person_id;
    IF v_centre IS DISTINCT FROM (SELECT centre_id FROM organisations_unit WHERE id = NEW.unit_id)
        OR (NEW.cell_id IS NOT NULL AND v_centre IS DISTINCT FROM
            (SELECT centre_id FROM grid_cell WHERE id = NEW.cell_id)) THEN
        RAISE EXCEPTION 'a post, its person, unit and cell are of one centre'
            USING ERRCODE = '23514', CONSTRAINT = 'post_is_of_one_centre';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER post_is_of_one_centre BEFORE INSERT OR UPDATE OF person_id, unit_id, cell_id ON people_post
    FOR EACH ROW EXECUTE FUNCTION post_is_of_one_centre();
"""
BACK = "DROP TRIGGER post_is_of_one_centre ON people_post; DROP FUNCTION post_is_of_one_centre();"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_client_versions"),
        ("organisations", "0002_contacts_and_community_centres"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACK)]

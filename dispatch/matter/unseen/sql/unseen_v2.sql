-- As unseen_v1; a fact of a past that is recorded behind the present leaves no mark: it is news to nobody.
CREATE OR REPLACE FUNCTION unseen_take_v1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_fact jsonb;
    v_audience jsonb := convert_from(NEW.audience, 'UTF8')::jsonb;
    v_after jsonb := v_audience -> 'after';
    v_tokens text[];
    v_issue uuid;
BEGIN
    IF v_audience ? 'past' THEN
        RETURN NULL;
    END IF;
    v_fact := convert_from(NEW.bytes, 'UTF8')::jsonb;
    v_issue := CASE WHEN NEW.object_kind = 'issue' THEN NEW.object_id ELSE (v_fact -> 'card' ->> 'issue')::uuid END;
    IF NEW.name IN ('issue.declined', 'issue.closed', 'issue.merged', 'issue.voided', 'issue.archived') THEN
        DELETE FROM unseen_unseenchange WHERE issue_id = v_issue;
        DELETE FROM unseen_look WHERE issue_id = v_issue;
    END IF;
    IF NEW.name IN ('issue.merged', 'issue.voided', 'issue.archived') THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(token) INTO v_tokens FROM jsonb_array_elements_text(v_after -> 'tokens') AS token
        WHERE NEW.name NOT IN ('issue.declined', 'issue.closed') OR token LIKE 'post:%';
    INSERT INTO unseen_unseenchange
        (seq, centre_id, issue_id, at, name, by, danger, audience_class, tokens)
    SELECT NEW.seq, NEW.centre_id, coalesce(i.merged_into_id, i.id), NEW.at, NEW.name, v_fact -> 'body' ->> 'by',
           ARRAY(SELECT jsonb_array_elements_text(coalesce(v_fact -> 'body' -> 'danger', '[]'))),
           v_after ->> 'class', v_tokens
        FROM issues_issue i WHERE i.id = v_issue AND v_tokens IS NOT NULL;
    RETURN NULL;
END
$$;

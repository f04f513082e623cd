-- The mark of what others changed hangs on the facts themselves, so that no action can forget it: a marking fact leaves
-- a row at the issue that deals with the matter, an ending one takes the issue's rows away. In the fact's transaction.
CREATE FUNCTION unseen_take_v1() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_fact jsonb := convert_from(NEW.bytes, 'UTF8')::jsonb;
    v_after jsonb := convert_from(NEW.audience, 'UTF8')::jsonb -> 'after';
    v_tokens text[];
    v_issue uuid;
BEGIN
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
CREATE TRIGGER unseen_mark AFTER INSERT ON feed_fact FOR EACH ROW WHEN (NEW.name IN (
    'report.added', 'report.rated', 'report.reconsideration_asked', 'reply.made', 'issue.withdrawn', 'issue.passed_up',
    'issue.took_in', 'issue.unmerged', 'issue.amended', 'issue.emergency_referred', 'issue.suspended', 'issue.resumed',
    'issue.reconsidered', 'issue.reopened', 'order.fed_back', 'order.reworked', 'return.requested', 'return.granted',
    'return.compelled', 'issue.declined', 'issue.closed', 'issue.merged', 'issue.voided', 'issue.archived'
)) EXECUTE FUNCTION unseen_take_v1();
REVOKE INSERT, UPDATE ON unseen_unseenchange FROM relay_app;

-- What others write within a matter marks it too. What the marking does is as it was (unseen_v2).
DROP TRIGGER unseen_mark ON feed_fact;
CREATE TRIGGER unseen_mark AFTER INSERT ON feed_fact FOR EACH ROW WHEN (NEW.name IN (
    'report.added', 'report.rated', 'report.reconsideration_asked', 'reply.made', 'issue.withdrawn', 'issue.passed_up',
    'issue.took_in', 'issue.unmerged', 'issue.amended', 'issue.emergency_referred', 'issue.suspended', 'issue.resumed',
    'issue.reconsidered', 'issue.reopened', 'order.fed_back', 'order.reworked', 'return.requested', 'return.granted',
    'return.compelled', 'message.made', 'message.progress_noted',
    'issue.declined', 'issue.closed', 'issue.merged', 'issue.voided', 'issue.archived'
)) EXECUTE FUNCTION unseen_take_v1();

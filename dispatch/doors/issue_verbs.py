"""What is done to issues, over HTTP: a door for each verb."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from command.people.authentication import BY_PERSON, command_of
from dispatch.doors.verbs import add_issue_verb
from dispatch.verbs import merge as merging
from dispatch.verbs import unmerge as unmerging
from dispatch.verbs.declared import ISSUE_VERBS
from dispatch.verbs.requests import ANSWERS, ReasonIn, answered, expected_version

router = Router(tags=["issues"], auth=BY_PERSON)

for declared in ISSUE_VERBS.values():
    if declared.function is not None:
        add_issue_verb(router, declared)


@router.post("/issues/{issue_id}/merge", response=ANSWERS)
def merge(request: HttpRequest, issue_id: UUID, asked: merging.MergeIn) -> HttpResponse:
    """Joins an issue into another one about the same matter."""
    expected = expected_version(request)
    return answered(merging.merge(issue_id, asked.into, asked.reason, expected=expected, cmd=command_of(request)))


@router.post("/issues/{issue_id}/unmerge", response=ANSWERS)
def unmerge(request: HttpRequest, issue_id: UUID, asked: ReasonIn) -> HttpResponse:
    """Undoes a merge."""
    expected = expected_version(request)
    return answered(unmerging.unmerge(issue_id, asked.reason, expected=expected, cmd=command_of(request)))

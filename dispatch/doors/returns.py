"""Return requests over HTTP. How one is ruled on stands with its verb; asking is a verb of the order."""

from ninja import Router

from command.people.authentication import BY_PERSON
from dispatch.doors.verbs import add_request_verb
from dispatch.verbs.declared import REQUEST_VERBS

router = Router(tags=["returns"], auth=BY_PERSON)

for declared in REQUEST_VERBS.values():
    add_request_verb(router, declared)

"""The API under /api/v1: every package's router, and one form of refusal for all of them."""

from ninja import NinjaAPI
from ninja.operation import Operation

from assessment.figures.api import router as figures
from assessment.handovers.api import router as handovers
from assessment.situation.api import router as situation
from command.doors.attendance import router as attendance
from command.doors.catalogue import router as catalogue
from command.doors.channels import router as channels
from command.doors.outside_ways import router as outside_ways
from command.doors.people import router as people
from command.doors.people_admin import router as accounts
from command.doors.people_lists import router as imports
from command.doors.push import router as push
from command.doors.roster_lists import router as roster_lists
from command.doors.rosters import router as rosters
from command.doors.settings import router as settings
from command.doors.unit_lists import router as unit_lists
from command.doors.units import router as units
from command.people.authentication import BY_PERSON_OR_DEVICE
from dispatch.doors.batches import router as batches
from dispatch.doors.calls import router as calls
from dispatch.doors.duplicates import router as duplicates
from dispatch.doors.flow import router as flow
from dispatch.doors.inhabitants import router as public
from dispatch.doors.issue_verbs import router as issue_verbs
from dispatch.doors.issues import router as issues
from dispatch.doors.limits_watch import router as public_doors
from dispatch.doors.messages import router as messages
from dispatch.doors.orders import router as orders
from dispatch.doors.page_key import router as page_key
from dispatch.doors.photos import router as photos
from dispatch.doors.presence import router as presence
from dispatch.doors.replies import router as replies
from dispatch.doors.reports import router as reports
from dispatch.doors.returns import router as returns
from dispatch.doors.unseen import router as unseen
from gis.basemap.api import router as basemap
from gis.grid.api import router as cells
from gis.tiles.api import router as tiles
from realtime.gateway.api import router_of
from server.problems import handle_all
from server.reference import router as reference
from server.room import router as room
from server.sources import SNAPSHOT_SOURCES


class _Api(NinjaAPI):
    """An operation's id is its router's tag and its own name: who calls it needs not know in which folder it lies."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        (tag,) = operation.tags or ("",)
        return f"{tag}_{operation.view_func.__name__}".replace(" ", "_")


# No page of documentation: it would come from a CDN. The document itself is a file (server/document.py).
api = _Api(title="Relay60", version="1", docs_url=None, openapi_url=None)
handle_all(api)
api.add_router("", people)
api.add_router("", push)
api.add_router("", cells, auth=BY_PERSON_OR_DEVICE)
api.add_router("", tiles, auth=BY_PERSON_OR_DEVICE)
api.add_router("", basemap, auth=BY_PERSON_OR_DEVICE)
api.add_router("", router_of(SNAPSHOT_SOURCES), auth=BY_PERSON_OR_DEVICE)
api.add_router("", public)
api.add_router("", page_key)
api.add_router("", public_doors)
api.add_router("", photos)
api.add_router("", calls)
api.add_router("", messages)
api.add_router("", duplicates)
api.add_router("", unseen)  # before issues, as the next
api.add_router("", replies)  # before issues: /issues/unanswered is no issue's id
api.add_router("", batches)
api.add_router("", reports)
api.add_router("", issues)
api.add_router("", presence)
api.add_router("", issue_verbs)
api.add_router("", orders)
api.add_router("", returns)
api.add_router("", flow)
api.add_router("", reference)
api.add_router("", rosters)
api.add_router("", attendance)
api.add_router("", handovers)
api.add_router("", figures)
api.add_router("", room)
api.add_router("", situation)
for kept in (accounts, imports, unit_lists, roster_lists, units, channels, outside_ways, catalogue, settings):
    api.add_router("/admin", kept)

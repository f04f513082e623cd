"""What hangs on the cells of a centre: the import of boundaries asks and tells it here."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shapely import MultiPolygon

from command.organisations import actions as organisations
from command.organisations.queries import units_of_places
from command.people.queries import posts_of_cells
from dispatch.verbs import moving


class CentreSurroundings:
    """Issues and the centre's own outline. See `gis.boundaries.surroundings.Surroundings`."""

    def open_issues_in(self, cell_ids: Sequence[UUID]) -> int:
        """How many open issues lie in these cells."""
        return moving.open_issues_in(cell_ids)

    def posts_of(self, cell_ids: Sequence[UUID]) -> Mapping[str, int]:
        """Posts held now that are responsible for these cells, by unit."""
        return posts_of_cells(cell_ids)

    def units_of(self, centre_id: UUID, paths: Sequence[str]) -> Sequence[str]:
        """Units in use that answer for these places."""
        return units_of_places(centre_id, paths)

    def outline_changed(self, centre_id: UUID, outline: MultiPolygon) -> None:
        """The centre's extent follows its district's cell."""
        organisations.take_outline(centre_id, outline)

    def cells_ended(self, centre_id: UUID) -> int:
        """Moves the open issues of ended cells."""
        return moving.move_out_of_ended_cells(centre_id)

"""The catalogue over HTTP, for administrators: parse, call, answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from command import forms
from command.access import Right
from command.catalogue import actions
from command.catalogue.contract import Level
from command.catalogue.models import CatalogueItem
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, Line, ProblemOut, answered, must_expect

router = Router(tags=["admin"], auth=BY_PERSON)
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=forms.CODE)]
Keyword = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=forms.KEYWORD)]


class TermsIn(Body):
    """What the centre decides about an item."""

    lead_department: Code
    co_departments: list[Code] = Field(default=[], max_length=20)
    level: Level
    keywords: list[Keyword] = Field(default=[], max_length=100)
    urgent: bool
    on_scene_within_min: int | None = Field(default=None, ge=1, le=1440)
    sensitive: bool

    def terms(self) -> actions.Terms:
        """The same for the action, keywords once each."""
        return actions.Terms(
            self.lead_department,
            tuple(dict.fromkeys(self.co_departments)),
            self.level,
            tuple(dict.fromkeys(self.keywords)),
            self.urgent,
            self.on_scene_within_min,
            self.sensitive,
        )


class ItemIn(TermsIn):
    """An item to be added."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4, pattern=forms.ITEM_CODE)]
    category: Code
    category_zh: Line
    item_zh: Line
    kind: Code


class KeptItemOut(Schema):
    """An item as the administrator sees it."""

    id: UUID
    code: str
    category: str
    category_zh: str
    item_zh: str
    kind: str
    lead_department: str
    co_departments: list[str]
    level: str
    keywords: list[str]
    urgent: bool
    on_scene_within_min: int | None
    sensitive: bool
    retired_at: datetime | None
    version: int


@router.get("/catalogue", response={200: list[KeptItemOut], PROBLEMS: ProblemOut})
def list_items(request: HttpRequest) -> list[CatalogueItem]:
    """All items of the centre, the retired ones too, by code."""
    actor = person_of(request)
    actor.must(Right.ADMIN_CATALOGUE)
    return list(CatalogueItem.objects.filter(centre_id=actor.centre_id).order_by("code"))


@router.post("/catalogue", response=ANSWERS)
def add_item(request: HttpRequest, new: ItemIn) -> HttpResponse:
    """Adds an item: the next report may be about it."""
    added = actions.NewItem(new.code, new.category, new.category_zh, new.item_zh, new.kind, new.terms())
    return answered(actions.add(added, cmd=command_of(request)))


@router.post("/catalogue/{item_id}/amend", response=ANSWERS)
def amend_item(request: HttpRequest, item_id: UUID, asked: TermsIn) -> HttpResponse:
    """Decides otherwise about an item, for issues that come from now on."""
    return answered(actions.amend(item_id, asked.terms(), expected=must_expect(request), cmd=command_of(request)))


@router.post("/catalogue/{item_id}/retire", response=ANSWERS)
def retire_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Takes an item out of use."""
    return answered(actions.retire(item_id, expected=must_expect(request), cmd=command_of(request)))


@router.post("/catalogue/{item_id}/reinstate", response=ANSWERS)
def reinstate_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Takes a retired item into use again."""
    return answered(actions.reinstate(item_id, expected=must_expect(request), cmd=command_of(request)))

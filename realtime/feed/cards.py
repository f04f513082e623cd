"""What cards are declared with: a TypedDict for each, beside its noun.

The maker returns it, so mypy names a key that is missing or that nobody declared; at run time a card is a plain dict.
From the types come the API's document, the screens' types and docs/cards.md (server/cards.py): `./relay generate`.
"""

from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from pydantic import ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, WithJsonSchema, with_config
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T", bound=type)

_STRICT: Final = ConfigDict(extra="forbid", use_attribute_docstrings=True)

Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]  # RFC 3339, UTC
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]


def card_type(declared: T) -> T:
    """Decorates a card's TypedDict: it has no other keys, and the line below a field says what it is."""
    return with_config(_STRICT)(declared)


def one_of(listed: type[StrEnum], *more: str) -> WithJsonSchema:
    """Annotates a str that is a code of a closed list, or one of `more`."""
    return WithJsonSchema({"type": "string", "enum": [*(code.value for code in listed), *more]})


class _AsTold:
    """A card within an answer: the document names its type, and nothing is validated again.

    It was made by its maker, or told by an earlier release in the shape of that time: facts are never rewritten.
    """

    def __get_pydantic_core_schema__(self, source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        def named(_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
            # Wrapped: else the generator writes the type out instead of naming it.
            return handler(core_schema.definitions_schema(TypeAdapter(source).core_schema, []))

        return core_schema.any_schema(metadata={"pydantic_js_annotation_functions": [named]})


AS_TOLD: Final = _AsTold()

"""The query parameters that lists take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from jackfield.manage.listing import MAX_NUMBER, MAX_PAGE_SIZE, Query
from jackfield.manage.views import camel

WHERE = (
    "A condition `field:op:value`, with `eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `in` (values separated by commas) or "
    "`contains`. May be there several times; all have to be met."
)
SORT = "Fields of the items, separated by commas; a `-` before one turns its order round."


def between(low: int, high: int) -> Mapping[str, Any]:
    """Bounds for the document; `manage.listing` sees to them, with words of its own."""
    return {"minimum": low, "maximum": high}


class Asked(BaseModel):
    """Query parameters: camelCase, or snake_case. Others are refused: a filter that is misspelt shows too much."""

    model_config = ConfigDict(alias_generator=camel, populate_by_name=True, extra="forbid", frozen=True)


class ListAsked(Asked):
    """What every list takes."""

    where: list[str] = Field(default=[], description=WHERE)
    sort: str = Field(default="", description=SORT)
    page: int | None = Field(default=None, description="From 1.", json_schema_extra={**between(1, MAX_NUMBER)})
    page_size: int | None = Field(
        default=None, description="50 unless given.", json_schema_extra={**between(1, MAX_PAGE_SIZE)}
    )
    limit: int | None = Field(
        default=None, description="Instead of `pageSize`.", json_schema_extra={**between(1, MAX_PAGE_SIZE)}
    )
    offset: int | None = Field(
        default=None,
        description="Instead of `page`: leave out so many.",
        json_schema_extra={**between(0, MAX_NUMBER)},
    )

    def query(self) -> Query:
        """The same, as `manage.listing` takes it."""
        return Query(
            where=self.where,
            sort=self.sort,
            page=self.page,
            page_size=self.page_size,
            limit=self.limit,
            offset=self.offset,
        )

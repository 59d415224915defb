"""Types that the class style is tried with. They stand at module level, as annotations need them."""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass
from typing import Any, Required

from typing_extensions import TypedDict

from jackfield import Secret


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Size(enum.IntEnum):
    LARGE = 3
    SMALL = 1


@dataclass
class Address:
    street: str
    zip: int = 0
    tags: list[str] = dataclasses.field(default_factory=list)


@dataclass
class Person:
    name: str
    home: Address
    friends: list[Person] = dataclasses.field(default_factory=list)


@dataclass
class Login:
    user: str
    password: Secret


class Page(TypedDict, total=False):
    size: Required[int]
    after: str


class Money:
    """What a pydantic model looks like from outside; pydantic itself is not installed."""

    def __init__(self, amount: int, currency: str) -> None:
        self.amount = amount
        self.currency = currency

    @classmethod
    def model_json_schema(cls, ref_template: str) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"amount": {"type": "integer"}, "currency": {"$ref": ref_template.format(model="Currency")}},
            "required": ["amount"],
            "$defs": {"Currency": {"enum": ["EUR", "USD"]}},
        }

    @classmethod
    def model_validate(cls, value: dict[str, Any]) -> Money:
        return cls(value["amount"], value.get("currency", "EUR"))

    def model_dump(self, mode: str) -> dict[str, Any]:
        assert mode == "json"
        return {"amount": self.amount, "currency": self.currency}

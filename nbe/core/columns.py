"""Types of columns that are alike on both databases: moments in UTC, exact decimals, fixed lists of codes."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment in UTC. Refuses naive values; gives aware ones on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Scaled(TypeDecorator[Decimal]):
    """A decimal with a fixed number of decimals, kept as a whole number: exact, and alike on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self.decimals = decimals

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> int | None:
        return None if value is None else scaled(Decimal(value), self.decimals)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.decimals)


def scaled(value: Decimal, decimals: int) -> int:
    """A decimal as a whole number of its smallest units; halves go up."""
    return int(value.scaleb(decimals).to_integral_value(ROUND_HALF_UP))


def code_type(codes: type[enum.Enum], length: int = 24) -> sa.Enum:
    """A column type for a fixed list of codes, held by a CHECK on both databases."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in codes.__name__).lstrip("_")
    return sa.Enum(
        codes,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=name,
        values_callable=lambda e: [m.value for m in e],
    )

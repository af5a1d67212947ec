"""What a store knows of an order, to and from JSON (`--order FILE.json`, the `order` column of a batch)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from replykit.errors import InputError
from replykit.tomlfile import Strict
from replykit.types import Money, Order


def _words(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else "" if value is None else value


def _day(value: object) -> object:
    """Take the day of a full time: a store's system often knows the minute too."""
    if isinstance(value, datetime):
        return value.date()
    return value[:10] if isinstance(value, str) and len(value) > 10 and value[10] in "T " else value


def _exact(value: object) -> object:
    return str(value) if isinstance(value, float) else value


Words = Annotated[str, BeforeValidator(_words)]
Day = Annotated[date | None, BeforeValidator(_day)]


class _Price(Strict):
    value: Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _price(value: object) -> object:
    """Read `"CNY 199.00"` as the object that it stands for; a bare number does not say which money it is."""
    if isinstance(value, str) and len(parts := value.split()) == 2:
        return {"currency": parts[0], "value": parts[1]}
    if isinstance(value, str | int | float):
        raise ValueError('say which money it is: {"value": "199.00", "currency": "CNY"} or "CNY 199.00"')
    return value


class _Order(Strict):
    id: Words = ""
    product: Words = ""
    category: Words = ""
    price: Annotated[_Price | None, BeforeValidator(_price)] = None
    bought_at: Day = None
    received_at: Day = None
    status: Words = ""
    customer: Words = ""
    extra: Annotated[dict[str, Any], BeforeValidator(lambda value: value or {})] = Field(default_factory=dict)


def order_from_json(data: object) -> Order:
    """Return what a store knows of an order; every key may be left out, times lose their hour.

    Raises InputError E106 naming the key that is wrong.
    """
    if not isinstance(data, Mapping):
        raise InputError("E106", f"an order is a JSON object, not {type(data).__name__}", f"keys: {', '.join(_KEYS)}")
    try:
        order = _Order.model_validate(dict(data))
    except ValidationError as problem:
        raise _unfit(problem) from problem
    price = order.price and Money(order.price.value, order.price.currency)
    values = {name: getattr(order, name) for name in _KEYS} | {"price": price}
    return Order(**values)


_KEYS = tuple(field.name for field in fields(Order))


def _unfit(problem: ValidationError) -> InputError:
    errors = problem.errors(include_url=False)
    first = next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])
    where = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        close = get_close_matches(str(first["loc"][-1]), _KEYS, n=1, cutoff=0.5)
        advice = f"did you mean {close[0]!r}? " if close else ""
        return InputError("E106", f"order: unknown key {where!r}", f"{advice}known keys: {', '.join(_KEYS)}")
    return InputError("E106", f"order: {where}: {first['msg']}", "docs/interface.md shows an order file")


def order_json(order: Order) -> dict[str, Any]:
    """Return an order as the JSON that `order_from_json` reads."""
    price = order.price
    return {
        "id": order.id,
        "product": order.product,
        "category": order.category,
        "price": {"value": format(price.value, "f"), "currency": price.currency} if price else None,
        "bought_at": order.bought_at and order.bought_at.isoformat(),
        "received_at": order.received_at and order.received_at.isoformat(),
        "status": order.status,
        "customer": order.customer,
        "extra": dict(order.extra),
    }

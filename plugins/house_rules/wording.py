"""Rules on wording that must look at characters, slots and the order's own facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from replykit import Edit, Found, Outgoing, Span

Words = Mapping[str, re.Pattern[str]]
_CALLED = {"Hans": {"main": "简体"}, "Hant": {"main": "繁體"}}
_FACTS = ("name", "product")


def mixed_script(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """S803: simplified and traditional in one reply; names and the customer's own words stay as they are."""
    main, stray = outgoing.scripts([*outgoing.where(words["names"]), *_own_names(outgoing)])
    for span in stray:
        right = outgoing.in_script(main, span)
        changed = len(right) == span.end - span.start and right != span.of(outgoing.text)
        yield Found(span, _CALLED[main], Edit(span, right, safe=True) if changed else None)


def _own_names(outgoing: Outgoing) -> Iterator[Span]:
    facts = outgoing.analysis.facts if outgoing.analysis else ()
    names = (
        {fact.span.of(outgoing.analysis.text) for fact in facts if fact.kind in _FACTS} if outgoing.analysis else set()
    )
    if outgoing.order:
        names |= {outgoing.order.product, outgoing.order.customer}
    for name in sorted(names - {""}):
        yield from (Span(*match.span()) for match in re.finditer(re.escape(name), outgoing.text))


def placeholder(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """S805: a slot that nobody filled; masked numbers, sizes and model names are none."""
    yield from map(Found, outgoing.where(words["slots"]))
    yield from map(Found, outgoing.where(words["bracket"]))
    masked = re.compile(f"{words['masked'].pattern}|{words['sizes'].pattern}")
    yield from map(Found, outgoing.where(words["crosses"], masked))


def wrong_reference(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """S806: an order number or an order's amount that differs from the store's record."""
    order = outgoing.order
    if order is None:
        return
    for match in words["order"].finditer(outgoing.folded):
        said = next(group for group in match.groups() if group)
        if order.id and _bare(said) != _bare(order.id) and not _bare(order.id).endswith(_bare(said)):
            start = match.start() + match.group().rindex(said)
            yield Found(Span(start, start + len(said)), {"right": order.id})
    for quantity in outgoing.quantities:
        before = outgoing.folded[max(0, quantity.span.start - 16) : quantity.span.start]
        if (
            order.price
            and quantity.kind == "amount"
            and words["price"].search(before)
            and quantity.value != order.price
        ):
            yield Found(quantity.span, {"right": f"{order.price.value}"})


def _bare(number: str) -> str:
    return number.replace("-", "").replace(" ", "").lower()


CHECKS = {"S803": mixed_script, "S805": placeholder, "S806": wrong_reference}

"""Reads the facts that a customer states: what about, how much, since when, promised what, reachable where.

Values come from `quantities`; the words around a value (data/facts.toml) decide what it is a value of. A wrong fact
said back to an upset customer is worse than a missing one: where the words leave it open, nothing is read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from replykit.facts.amounts import read_amounts
from replykit.facts.cues import Taken, quoted
from replykit.facts.days import read_days
from replykit.facts.identifiers import read_ids, read_phones
from replykit.facts.names import read_names
from replykit.facts.products import read_products
from replykit.facts.promises import read_promises
from replykit.facts.waits import read_contacts, read_waits
from replykit.quantities import read
from replykit.quantities.numerals import fold
from replykit.text import fold_width
from replykit.types import Fact, Reading, Region

CURRENCIES: dict[Region, str] = {"zh-CN": "CNY", "zh-TW": "TWD", "zh-HK": "HKD"}


class FactAnalyzer:
    """An Analyzer that reads facts."""

    name = "facts"

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        """Return the facts of `text`, in its order; `now` (aware) settles dates, `region` the currency of 元 and $."""
        folded = fold(text)
        currency = CURRENCIES.get(region, "CNY")
        taken, said = Taken(len(folded)), quoted(folded)
        facts = taken.keep(read_ids(folded))
        facts += taken.keep(read_phones(folded, taken))
        values = [value for value in read(folded, now, currency) if not taken.meets(value.span)]
        promises = taken.keep(read_promises(folded, values))
        promised = Taken(len(folded), (fact.span for fact in promises))
        free = [value for value in values if not promised.meets(value.span)]
        facts += promises
        facts += taken.keep(
            [
                *read_amounts(folded, values, currency, taken),
                *read_days(folded, free, now, said),
                *read_waits(folded, free, said),
                *read_contacts(folded),
            ]
        )
        facts += taken.keep(read_names(folded, taken))
        facts += read_products(folded, taken)
        ordered = sorted(facts, key=lambda fact: (fact.span, fact.kind))
        return Reading(facts=tuple(_in_own_words(fact, text) for fact in ordered))


def _in_own_words(fact: Fact, text: str) -> Fact:
    """Return a fact whose value is words with them as `text` has them: folding has turned its full-width commas."""
    if fact.kind not in ("promised", "product", "name"):
        return fact
    words = fact.span.of(text)
    return replace(fact, value=words if fact.kind == "promised" else fold_width(words))

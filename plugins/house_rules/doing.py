"""Rules on what the reply offers: options, answers to demands, deadlines, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from replykit import Found, Money, Outgoing, Span

Words = Mapping[str, re.Pattern[str]]
_NEAR = 16  # code points around an act in which 尽快 stands in for its time
_TOGETHER = 2  # code points between two acts that give one amount together
_FAR = 300  # code points of a next sentence that are looked at
_LEAD = 48  # code points before an act that tell whether it is ours, done, or a condition

# What a customer gets in hand counts as goodwill: limits on any of it hold for all of it.
GOODWILL = frozenset({"coupon", "compensation", "points", "gift", "fee_waiver", "free"})
# Acts that settle something when offered; getting in touch alone does not.
MONEY = GOODWILL | {"refund", "return", "price_adjust"}
REMEDIES = (
    MONEY
    | {"exchange", "resend", "repair", "statutory_damages", "expedite", "cancel"}
    | {"invoice", "discipline", "apology_letter", "callback", "investigate"}
)
# Acts for which a customer needs to know when. What is handed over at once (a gift, a letter) may go without.
TIMED = REMEDIES - {"free", "fee_waiver", "discipline", "points"} | {"contact", "handle"}
# Words that name everyday work: ours only where the clause says so.
PLAIN = frozenset({"investigate", "handle", "contact", "repair", "exchange", "cancel", "callback", "return"})
DEMANDS = {
    "refund": ("退款", "退款"),
    "return": ("退货", "退貨"),
    "exchange": ("换货", "換貨"),
    "resend": ("补发", "補發"),
    "compensation": ("赔偿", "賠償"),
    "statutory_damages": ("法定赔偿", "法定賠償"),
    "price_adjust": ("补差价", "補價差"),
    "cancel": ("取消", "取消"),
    "apology": ("道歉", "道歉"),
    "discipline": ("处理责任人", "處理責任人"),
    "callback": ("回电", "回電"),
    "invoice": ("发票", "發票"),
}


def no_option(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """O401: nothing that the customer could say yes to."""
    if any(one.mode == "offer" and one.act in REMEDIES for one in outgoing.commitments):
        return
    if outgoing.where(words["service"], words["not_service"]) or outgoing.where(words["steps"], words["not_steps"]):
        return
    yield Found(Span(0, len(outgoing.text)))


def unanswered(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """O404: a demand that the reply does not speak of; marked at the last sentence."""
    for label in outgoing.analysis.certain().demands if outgoing.analysis else ():
        pattern = words.get(label.code)
        if pattern and not outgoing.where(pattern):
            demand = DEMANDS[label.code][outgoing.region != "zh-CN"]
            yield Found(outgoing.sentences[-1], {"demand": demand})
            return


def bare_refusal(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """O405: a refusal, and nothing else that could be done."""
    spans = [span for span in outgoing.where(words["refuse"], words["not_refuse"]) if not _told(outgoing, span)]
    if spans and not outgoing.where(words["alternative"], words["refuse"]):
        yield Found(spans[0])


def missing_deadline(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """D501: an offered action with no time in its sentence or in the next one; a vague time is D502's matter."""
    asked = outgoing.where(words["asking"])
    for one in outgoing.commitments:
        if one.mode != "offer" or one.act not in TIMED or outgoing.touches(asked, one.span):
            continue
        if not _ours(outgoing, one.span, one.act, words):
            continue
        around = _with_next(outgoing, one.span)
        near = outgoing.folded[max(around.start, one.span.start - _NEAR) : one.span.end + _NEAR]
        said = around.of(outgoing.folded)
        if not outgoing.timed(around) and not words["time"].search(said) and not words["vague"].search(near):
            yield Found(one.span)
            return


def _ours(outgoing: Outgoing, span: Span, act: str, words: Words) -> bool:
    """Tell whether the act is ours to do: not done, no condition, not the customer's own step."""
    clause, text = outgoing.clause_at(span), outgoing.folded
    end = max(clause.end, span.end)
    cue = words["ours"].search(text, clause.start, end)
    if act in PLAIN and not cue:
        return False
    lead = text[max(clause.start, span.start - _LEAD) : span.start]
    if words["not_ours"].search(lead) and not words["ours"].search(lead):
        return False
    return bool(words["pending"].search(text, clause.start, end)) or not words["done"].search(lead)


def _with_next(outgoing: Outgoing, span: Span) -> Span:
    sentence = outgoing.sentence_at(span)
    follows = outgoing.sentence_after(sentence) or sentence
    return Span(sentence.start, min(follows.end, sentence.end + _FAR))


def vague_follow_up(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """F702: somebody will be in touch, at no time."""
    acts = [one.span for one in outgoing.commitments if one.act in ("contact", "callback") and one.mode == "offer"]
    asked = outgoing.where(words["asked"])
    for span in sorted([*acts, *outgoing.where(words["wait"])]):
        sentence = outgoing.sentence_at(span)
        said = sentence.of(outgoing.folded)
        if outgoing.timed(sentence) or words["time"].search(said) or outgoing.touches(asked, span):
            continue
        yield Found(span)
        return


def over_limit(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """P602: more than the policy lets this role give; what is given of one kind adds up unless one must choose."""
    given: dict[frozenset[str], Decimal] = {}
    for span, value, acts in _given(outgoing, words):
        limit = _limit(outgoing, acts)
        if limit is None:
            continue
        total = value
        if not _choice(outgoing, span, words):
            total = given[acts] = given.get(acts, Decimal(0)) + value
        if total > limit.value:
            yield Found(span, {"limit": f"{limit.currency} {limit.value}"})


def _given(outgoing: Outgoing, words: Words) -> Iterator[tuple[Span, Decimal, frozenset[str]]]:
    """Yield what the reply gives: its words, its worth, and the acts of its sentence that give it."""
    price = outgoing.order.price.value if outgoing.order and outgoing.order.price else None
    for quantity in outgoing.quantities:
        before = outgoing.folded[max(0, quantity.span.start - 12) : quantity.span.start]
        acts = _acts(outgoing, quantity.span)
        if quantity.kind == "discount" and acts:
            acts |= {"compensation"}  # a share of the price taken off is goodwill, whatever it is called
        if not acts or words["not_given"].search(before) or _told(outgoing, quantity.span):
            continue
        if quantity.kind in ("amount", "amount_range") and isinstance(quantity.value, Money):
            yield quantity.span, quantity.value.value, acts
        elif quantity.kind in ("discount", "percent") and isinstance(quantity.value, Decimal) and price is not None:
            share = 100 - quantity.value if quantity.kind == "discount" else quantity.value
            yield quantity.span, price * share / 100, acts
    for span in outgoing.where(words["whole"]):
        if not _told(outgoing, span) and (acts := _acts(outgoing, span)):
            yield span, price if price is not None else Decimal("Infinity"), acts


def _acts(outgoing: Outgoing, span: Span) -> frozenset[str]:
    """Return the acts that give what stands at `span`: those nearest in its clause, else all of its sentence."""
    near = [one for one in outgoing.commitments_in(outgoing.clause_at(span)) if one.act in MONEY]
    if not near:
        money = (one for one in outgoing.commitments_in(outgoing.sentence_at(span)) if one.act in MONEY)
        return frozenset(one.act for one in money if one.mode == "offer")
    last = max((one for one in near if one.span.start <= span.start), key=lambda one: one.span, default=near[0])
    if last.mode != "offer":
        return frozenset()
    # 退货退款400元 and 退货并退款400元 give it by both.
    return frozenset(
        one.act for one in near if last.span.start - _TOGETHER <= one.span.end and one.span.start <= last.span.start
    )


def _limit(outgoing: Outgoing, acts: frozenset[str]) -> Money | None:
    """Return the most that this role may give by any of `acts`, or None where the policy says nothing of them."""
    limits = [limit for act in sorted(acts) for limit in _limits(outgoing, act, acts)]
    return max(limits, key=lambda limit: limit.value, default=None)


def _limits(outgoing: Outgoing, act: str, acts: frozenset[str]) -> Iterator[Money]:
    policy = outgoing.policy
    if policy is None:
        return
    own = policy.limit(outgoing.role, act)
    if own is not None:
        yield own
        return
    # An order given for free is its price given back.
    demands = {"refund", "compensation"} if act == "free" else {"compensation" if act in GOODWILL else act}
    for remedy in policy.remedies:
        limit = policy.limit(outgoing.role, remedy.id)
        if limit is not None and not demands.isdisjoint(remedy.answers):
            yield limit


def _choice(outgoing: Outgoing, span: Span, words: Words) -> bool:
    """Tell whether what is given at `span` is one of several that the customer chooses from."""
    sentence = outgoing.sentence_at(span)
    return bool(words["either"].search(outgoing.folded, max(0, sentence.start - 40), sentence.end))


def _told(outgoing: Outgoing, span: Span) -> bool:
    return outgoing.touches(outgoing.restated, span)


CHECKS = {
    "O401": no_option,
    "O404": unanswered,
    "O405": bare_refusal,
    "D501": missing_deadline,
    "F702": vague_follow_up,
    "P602": over_limit,
}

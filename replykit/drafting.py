"""Word a plan with the sentences of prompts/drafts: offline, in milliseconds, the same case always in the same words.

The plan holds every commitment; a sentence only says it. What the customer wrote comes in as values: a short quote of
their own words where one is fit, and the facts as they said them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from replykit import prompting
from replykit.hookspecs import Brief
from replykit.prompting import Sentence, Wording
from replykit.quoting import asks, facts_said, pick_quote
from replykit.script import convert
from replykit.text import has_han, is_han
from replykit.types import DemandAnswer, Draft, Money, Option, Parts, Region, Span, Trace
from replykit.worktime import say

_OURS = ("thing", "wish", "wish_2")  # values in our own words; all others are the customer's
_HEATED = frozenset({"abuse", "churn"})


def say_money(money: Money, region: Region) -> str:
    """Return an amount as customers of its currency read it: 38元, NT$1,280, HK$88; a mainland price in Taiwan: CNY 38.

    Cents are written only where there are some. (The words of deadlines come from `worktime.say`.)
    """
    value = money.value.quantize(Decimal("0.01")).normalize()
    digits = f"{value:,f}"
    if money.currency == "CNY":
        return f"{value:f}元" if region == "zh-CN" else f"CNY {digits}"
    sign = {"TWD": "NT$", "HKD": "HK$"}.get(money.currency)
    return f"{sign}{digits}" if sign else f"{money.currency} {digits}"


@dataclass(slots=True)
class _Page:
    """The text as it grows, and where each sentence of it came from."""

    text: str = ""
    trace: list[Trace] = field(default_factory=list)

    def add(self, part: str, words: str, template: str, item: str = "", clause: str = "") -> str:
        if words:
            span = Span(len(self.text), len(self.text) + len(words))
            self.trace.append(Trace(part, span, template, item, clause))
            self.text += words
        return words

    def line(self, mark: str = "") -> None:
        self.text += ("\n" if self.text and not self.text.endswith("\n") else "") + mark


class TemplateWriter:
    """Words a plan with templates. Built once, it may be used from several threads."""

    name = "template"

    def __init__(self, wording: Wording | None = None, plain: bool = False) -> None:
        """With `plain`, each option is worded by its title alone, so that nothing beside it can be promised."""
        self._wording = wording or prompting.shipped_wording()
        self._plain = plain

    def write(self, brief: Brief) -> Draft:
        """Return the four parts and the whole text.

        `parts.options` holds the options without their numbers; what leads in to them and the signature stand in `text`
        only. `trace` has the exact span of each sentence in `text`.

        Raises PromptError E402 when a store's sentence fails on this case's values.
        """
        return _Letter(self._wording, brief, self._plain).draft()


def template_writers(own: Iterable[Wording], *regions: Region) -> list[TemplateWriter]:
    """Return the writers to try in order: each store's wording over the shipped one, the shipped alone, the plain one.

    With `regions`, they word drafts of these only, and load sooner.
    """
    shipped = prompting.shipped_wording(*regions)
    laid_over = [TemplateWriter(shipped.overridden_by(one)) for one in own]
    return [*laid_over, TemplateWriter(shipped), TemplateWriter(shipped, plain=True)]


class _Letter:
    """One draft while it is written."""

    def __init__(self, wording: Wording, brief: Brief, plain: bool) -> None:
        self.plain = plain
        self.wording, self.brief, self.plan, self.region = wording, brief, brief.plan, brief.region
        self.page = _Page()
        self.notes: list[str] = []
        order = brief.thread.order
        self.values = facts_said(brief.analysis, order.product if order else "", brief.region)
        self.case = _case(brief)
        # An answer is what every question asks for.
        wanted = [
            one.code for one in brief.analysis.demands if (self.plan.kind, one.code) != ("question", "information")
        ]
        wishes = self._phrases("empathy", "wish", wanted)
        self.values |= dict(zip(("wish", "wish_2"), wishes, strict=False))
        self.values["thing"] = self._phrase("empathy", "thing")

    def draft(self) -> Draft:
        opening = {"complaint": self._complaint, "question": self._question, "praise": self._praise}[self.plan.kind]
        if self._unclear():
            self.case["kinds"] = frozenset(["unclear"])
            opening = self._unclear_message
        elif self.plan.kind == "question" and not (self.brief.analysis.demands or asks(self.brief.analysis.text)):
            self.case["kinds"] = frozenset(["note"])  # something was told, nothing asked
        empathy = self._say("empathy", "greeting") + opening()
        apology = self._apology() if self.plan.kind == "complaint" else ""
        parts = Parts(empathy, apology, self._options(), self._follow_up())
        self.page.line()
        self.page.add("signature", self._own(self.brief.policy.voice.signature), "policy#voice.signature")
        page = self.page
        return Draft(parts, page.text, self.region, TemplateWriter.name, tuple(page.trace), tuple(self.notes))

    def _unclear(self) -> bool:
        text = self.brief.analysis.text
        letters = sum(is_han(char) or char.isalnum() for char in text[:100])
        if self.plan.kind == "praise":
            return letters == 0
        known = self.brief.analysis.demands or self.brief.analysis.facts
        return self.plan.kind == "question" and (letters < 2 or (letters <= 3 and not known))

    def _complaint(self) -> str:
        analysis = self.brief.analysis
        heated = [label for label in analysis.signals if label.code in _HEATED or label.code.startswith("threat.")]
        avoid = [span for label in heated for span in label.evidence]
        self._quote(analysis.types[0].evidence if analysis.types else (), avoid)
        event = self._say("empathy", "quote" if "quote" in self.values else "event")
        self._drop(event)
        said = event + self._say("empathy", "detail") + self._say("empathy", "feeling")
        return said + (self._say("empathy", "demand") if "wish" in self.values else "")

    def _unclear_message(self) -> str:
        return self._say("empathy", "unclear")

    def _question(self) -> str:
        self._quote([Span(0, len(self.brief.analysis.text))], ())
        return self._say("empathy", "asked")

    def _praise(self) -> str:
        analysis = self.brief.analysis
        self._quote(analysis.emotion.evidence or [Span(0, len(analysis.text))], ())
        return self._say("empathy", "thanks")

    def _quote(self, near: Iterable[Span], avoid: Iterable[Span]) -> None:
        quote = pick_quote(self.brief.analysis.text, near, self.region, avoid, self.plan.kind)
        if quote:
            self._drop(quote)
            self.values["quote"] = quote

    def _drop(self, said: str) -> None:
        """Forget the facts that `said` holds: nothing is told twice."""
        self.values = {key: words for key, words in self.values.items() if key in _OURS or words not in said}

    def _apology(self) -> str:
        return self._say("apology", "apology", sorry=self._phrase("apology", "sorry"))

    def _options(self) -> tuple[str, ...]:
        self.page.line()
        for answer, nouns in self._nouns(lambda one: one.answer == "declined"):
            reason = answer.reason.rstrip("。.！!；;，, ")
            self._say("options", "declined", item=answer.code, noun=nouns, reason=reason)
        if not self.plan.options:
            return ()
        values = [self._filled(self._option_values(option)) for option in self.plan.options]
        chosen = [self._option_sentence(*pair) for pair in zip(self.plan.options, values, strict=True)]
        marks = {sentence.choice for sentence in chosen}
        how = "some" if len(marks) == 2 else "all" if True in marks else "none"
        nouns = next((nouns for _, nouns in self._nouns(lambda one: one.answer == "instead")), "")
        case = {"options": frozenset([str(len(chosen))]), "choice": frozenset([how])}
        self._say("options", "lead", case, noun=nouns)
        number = len(chosen) > 1
        return tuple(
            self._option(at if number else 0, *row)
            for at, row in enumerate(zip(self.plan.options, chosen, values, strict=True), 1)
        )

    def _option(self, number: int, option: Option, sentence: Sentence, values: Mapping[str, str]) -> str:
        words = sentence.say(self.brief.variant, values)
        if number:
            head = prompting.fill(sentence.head, values, sentence.name)
            words = f"{head}：{words}" if head else words
            self.page.line(f"{number}. ")
        return self.page.add("options", words, sentence.name, option.id, option.source.clause)

    def _option_sentence(self, option: Option, values: Mapping[str, str]) -> Sentence:
        for name in ("",) if self.plain else (option.wording, option.remedy, ""):
            case = self._known({"remedies": frozenset([name])}, values)
            found = self.wording.choose(self.region, "options", "option", case)
            if found and (not name or (found.when.remedies and self._says_amount(found, values))):
                return found
        raise LookupError("the wording has no sentence for any option")  # load_wording has made sure of one

    def _says_amount(self, sentence: Sentence, values: Mapping[str, str]) -> bool:
        """Tell whether the sentence has a place for the amount, where there is one; the plain sentence always has."""
        return not values["amount"] or bool({"amount", "paid"} & prompting.variables(sentence.text(self.brief.variant)))

    def _option_values(self, option: Option) -> dict[str, str]:
        asked = {question.fact for question in self.plan.questions}
        needs = self._phrases("options", "need", [need for need in option.needs if need not in asked], "needs")
        amount = say_money(option.amount, self.region) if option.amount else ""
        return {
            "title": self._own(option.title.rstrip("。.！!")),
            "owner": self._own(option.owner),
            "deadline": say(option.deadline, self.brief.now, self.region),
            "amount": amount,
            "paid": amount or self._phrase("options", "sum"),
            "need": "，".join(needs),
        }

    def _own(self, words: str) -> str:
        """Return the store's words in the script of the draft, where the store writes another one."""
        return words if self.brief.policy.region == self.region else convert(words, self.region)

    def _nouns(self, wanted: Callable[[DemandAnswer], bool]) -> list[tuple[DemandAnswer, str]]:
        """Return the demands that are answered so, those of one reason together, with their names joined."""
        groups: dict[str, list[DemandAnswer]] = {}
        for answer in self.plan.demands:
            if answer.code != "apology" and wanted(answer):
                groups.setdefault(answer.reason if answer.answer == "declined" else "", []).append(answer)
        found = [(group[0], self._phrases("options", "noun", [one.code for one in group])) for group in groups.values()]
        return [(answer, "和".join(nouns)) for answer, nouns in found if nouns]  # 、 would end the clause for the guard

    def _follow_up(self) -> str:
        self.page.line()
        for answer, nouns in self._nouns(
            lambda one: one.answer == "ask" and one.option is None and one.reason != "doubtful"
        ):
            self._say("options", "pending", item=answer.code, noun=nouns)
        said = self._ask()
        follow_up = self.plan.follow_up
        if follow_up is None:
            return said + self._say("follow_up", "close")
        at = say(follow_up.at, self.brief.now, self.region)
        case = {"channels": frozenset([follow_up.channel])}
        clause = follow_up.source.clause
        return said + self._say(
            "follow_up", "follow_up", case, "follow_up", clause, owner=self._own(follow_up.owner), at=at
        )

    def _ask(self) -> str:
        facts = [question.fact for question in self.plan.questions]
        asks = self._phrases("follow_up", "ask", facts, "needs")
        if not asks:
            return ""
        case = {
            "needs": frozenset(facts[:1] if len(facts) == 1 else ()),
            "reasons": frozenset(q.reason for q in self.plan.questions),
        }
        why = self._phrase("follow_up", "why", case)
        return self._say("follow_up", "question", item="question", ask=asks[0], ask_2="，".join(asks[1:]), why=why)

    def _phrases(self, part: str, slot: str, codes: Iterable[str], key: str = "demands") -> list[str]:
        """Return the phrase for each of `codes`, each phrase once; a code in Chinese is its own phrase."""
        phrases: dict[str, None] = {}
        for code in codes:
            words = self._phrase(part, slot, {key: frozenset([code])}) or (code if has_han(code) else "")
            if words:
                phrases[words] = None
            elif slot != "need":
                self.notes.append(f"no words for {code!r} in {self.region}/{part}.toml, slot {slot!r}")
        return list(phrases)

    def _phrase(self, part: str, slot: str, case: Mapping[str, frozenset[str]] | None = None) -> str:
        sentence = self.wording.choose(self.region, part, slot, self._known(case))
        return sentence.say(self.brief.variant, self._filled()) if sentence else ""

    def _say(
        self,
        part: str,
        slot: str,
        case: Mapping[str, frozenset[str]] | None = None,
        item: str = "",
        clause: str = "",
        **values: str,
    ) -> str:
        """Choose, fill and add a sentence; an optional slot without one adds nothing."""
        known = self._known(case, values)
        sentence = self.wording.choose(self.region, part, slot, known)
        if sentence is None:
            return ""
        words = sentence.say(self.brief.variant, self._filled(values))
        return self.page.add(part, words, sentence.name, item, clause)

    def _known(
        self, more: Mapping[str, frozenset[str]] | None, values: Mapping[str, str] | None = None
    ) -> prompting.Case:
        facts = frozenset(key for key, words in (self.values | dict(values or {})).items() if words)
        return self.case | {"facts": facts} | dict(more or {})

    def _filled(self, values: Mapping[str, str] | None = None) -> dict[str, str]:
        return dict.fromkeys(prompting.SAID, "") | self.values | dict(values or {})


def _case(brief: Brief) -> dict[str, frozenset[str]]:
    """Return what conditions may ask about, whatever the slot."""
    analysis = brief.analysis
    types = [label.code for label in analysis.types]
    return {
        "kinds": frozenset([brief.plan.kind]),
        "types": frozenset(types[:1]),
        "also": frozenset(types[1:]),
        "domains": frozenset([analysis.domain]),
        "emotions": frozenset([analysis.emotion.primary]),
        "intensity": frozenset([str(analysis.emotion.intensity)]),
        "levels": frozenset([analysis.urgency.level]),
        "signals": frozenset(label.code for label in analysis.signals),
        "demands": frozenset(label.code for label in analysis.demands),
    }

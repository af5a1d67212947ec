"""`replykit review`: one reply in, its findings out, for a person or for another program."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replykit import terminal
from replykit.cli import options, streams
from replykit.cli.options import Ignore, Now, OrderFile, Role, Select, Store, Where
from replykit.errors import EXIT_CLEAN, EXIT_FINDINGS
from replykit.types import Region

if TYPE_CHECKING:
    from replykit.pipeline import Kit
    from replykit.rules import Rule
    from replykit.types import Review, Severity


class Format(StrEnum):
    """How a review is printed."""

    text = "text"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    html = "html"


Outgoing = Annotated[
    str, typer.Argument(metavar="REPLY", help="The reply, or - for standard input.", show_default=False)
]
Customer = Annotated[str | None, typer.Option("--message", help="The message that it answers.", metavar="TEXT")]
Style = Annotated[Format, typer.Option("--format", help="How to print the findings.")]
AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
Fix = Annotated[bool, typer.Option("--fix", help="Apply the safe fixes first; prints the mended reply.")]


def review(
    reply: Outgoing,
    message: Customer = None,
    store: Store = None,
    region: Where = None,
    order: OrderFile = None,
    role: Role = None,
    now: Now = None,
    format: Style = Format.text,
    json: AsJson = False,
    fix: Fix = False,
    select: Select = None,
    ignore: Ignore = None,
) -> None:
    """Find known mistakes in an outgoing reply; exit code 1 says that something should be mended before it is sent.

    With --fix the safe fixes are applied first and everything printed is about the mended reply: as text the reply
    itself, with what is left to mend on standard error; as JSON a key "text" beside the findings.
    """
    from replykit.render import reaches

    text, at, facts = streams.read_text(reply), streams.read_now(now), streams.read_order(order)
    kit = options.load_kit(store=store, region=region, role=role)
    known = [rule.code for rule in kit.rules]
    chosen = {"select": options.codes(select, known), "ignore": options.codes(ignore, known)}
    given: dict[str, Any] = {"message": message, "order": facts, "now": at, **chosen}
    if fix:
        text = kit.fix(text, **given)
    found = kit.review(text, **given)
    options.warn(found.warnings)
    report = _Report(found, text, message, _ran(kit, **chosen), _region(kit, text, message), kit.config.fail_on, fix)
    report.print(Format.json if json else format)
    raise typer.Exit(EXIT_FINDINGS if reaches(found, kit.config.fail_on) else EXIT_CLEAN)


@dataclass(frozen=True, slots=True)
class _Report:
    """All that the formats need."""

    review: Review
    text: str
    message: str | None
    rules: list[Rule]
    region: Region
    fail_on: Severity
    mended: bool

    def print(self, style: Format) -> None:
        from replykit import render
        from replykit.wire import review_json

        if style is Format.text:
            why = {rule.code: rule.why for rule in self.rules}
            streams.show(terminal.review_view(self.review, self.text, self.region, why), on_error=self.mended)
            if self.mended:
                streams.write(self.text)
        elif style is Format.json:
            streams.answer(review_json(self.review, self.text) | ({"text": self.text} if self.mended else {}))
        elif style is Format.sarif:
            streams.answer(render.sarif(self.review, self.text, self.rules))
        elif style is Format.junit:
            streams.write(render.junit(self.review, self.text, self.rules, self.fail_on))
        else:
            data = review_json(self.review, self.text)
            streams.write(render.review_page(data, self.text, self.region, self.message))


def _region(kit: Kit, text: str, message: str | None) -> Region:
    """Return whose words the findings are explained in."""
    from replykit import script

    home = kit.config.region or (kit.policy.region if kit.policy else None)
    return home or script.detect(text).region or script.detect(message or "").region or "zh-CN"


def _ran(kit: Kit, select: tuple[str, ...], ignore: tuple[str, ...]) -> list[Rule]:
    """Return the rules that were asked to run."""
    from replykit.review import ReviewOptions

    ours = kit.config.review
    wanted = ReviewOptions(frozenset(select or ours.select), frozenset(ignore) | frozenset(ours.ignore))
    return [rule for rule in kit.rules if wanted.runs(rule.code)]

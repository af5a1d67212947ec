"""Values for a person at a terminal, in Chinese words of the message's region with the codes beside them.

Nothing here is colored or wider than 100 columns in a pipe. Text of customers never reaches a terminal raw: control and
direction-changing characters are shown as visible signs, one for one, so that spans still fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from replykit.taxonomy import name, titled
from replykit.text import sentence_at
from replykit.types import Analysis, Draft, Fact, Finding, Label, Plan, Region, Reply, Review, Span

if TYPE_CHECKING:
    from replykit.rules import Rule

PIPE_WIDTH = 100
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
VERDICT_STYLES = {"block": "bold red", "mend": "yellow", "send": "green"}
_AROUND = 60  # code points shown on each side of the words at fault in a very long sentence
_LONGEST_MARK = 240
_CLOSING = "，。、；：！？”’』」）》…—"
_MOST_BACK = 24  # code points that a line is shortened by at most
_WIDTH = 88  # cells of a line of text, so that with its indent it fits into a pipe
_UNSAFE = (
    {code: 0x2400 + code for code in range(0x20)}
    | dict.fromkeys([*range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
    | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
)
_LINES = {key: value for key, value in _UNSAFE.items() if key != 0x0A} | {0x09: 0x20}


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the caller decide what it means that the reader has gone; rich would exit with 1."""
        raise BrokenPipeError


def console(stream: IO[str]) -> Console:
    """Return a console on `stream` that colors and measures only a real terminal."""
    if stream.isatty():
        return _Console(file=stream, highlight=False, markup=False, emoji=False)
    return _Console(
        file=stream,
        force_terminal=False,
        color_system=None,
        width=PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def safe(text: str) -> str:
    """Return `text` with every character that a terminal might obey as a visible sign; the length stays the same."""
    return text.translate(_LINES)


# --- analysis


def analysis_view(analysis: Analysis) -> RenderableType:
    """Return the table of one analysis: what was read, and the words that show it."""
    region = analysis.region
    table = _table(*(name("label", key, region) for key in ("item", "result", "evidence")))
    _rows(table, "type", analysis.types, analysis)
    if not analysis.types:
        table.add_row(name("label", "type", region), name("label", "no_complaint", region), "")
    emotion = analysis.emotion
    feelings = " + ".join(titled("emotion", one, region) for one in (emotion.primary, emotion.secondary) if one)
    strength = f"{emotion.intensity} {name('intensity', str(emotion.intensity), region)}"
    words = _words(emotion.evidence, analysis.text)
    table.add_row(name("label", "emotion", region), safe(feelings), words)
    table.add_row(name("label", "intensity", region), strength, "")
    _rows(table, "signal", analysis.signals, analysis)
    _rows(table, "demand", analysis.demands, analysis)
    for number, fact in enumerate(analysis.facts):
        table.add_row("" if number else name("label", "fact", region), *_fact(fact, analysis))
    because = "、".join(reason_name(code, region) for code in analysis.urgency.because)
    level = Text(titled("urgency", analysis.urgency.level, region))
    table.add_row(name("label", "urgency", region), level, safe(because))
    if analysis.abstained:
        table.add_row(name("label", "abstained", region), safe(_unsure(analysis, region)), "")
    return table


def _unsure(analysis: Analysis, region: Region) -> str:
    """Name what was abstained from; `types` and `demands` are many, their label names one."""
    return "、".join(name("label", family.removesuffix("s"), region) for family in analysis.abstained)


def reason_name(code: str, region: Region) -> str:
    """Return the name of a reason: a signal, a type, a fact, or one of its own."""
    found = (name(kind, code, region) for kind in ("urgency", "signal", "type", "emotion", "fact", "need", "reason"))
    return next((words for words in found if words != code), code)


def _rows(table: Table, kind: str, labels: Sequence[Label], analysis: Analysis) -> None:
    for number, label in enumerate(labels):
        heading = "" if number else name("label", kind, analysis.region)
        score = f"  {label.score:.2f}" if label.score < 1 else ""
        words = _words(label.evidence, analysis.text)
        table.add_row(heading, safe(titled(kind, label.code, analysis.region) + score), words)


def _fact(fact: Fact, analysis: Analysis) -> tuple[str, str]:
    value = fact.value if fact.value != fact.span.of(analysis.text) else ""
    return safe(f"{titled('fact', fact.kind, analysis.region)}  {value}".rstrip()), _words((fact.span,), analysis.text)


def _words(spans: Iterable[Span], text: str) -> str:
    return safe("、".join(span.of(text) for span in spans)).replace("\n", " ")


# --- reply


def reply_view(reply: Reply) -> RenderableType:
    """Return the draft with its parts marked, what it commits to, and what the review found."""
    region = reply.draft.region
    pieces: list[RenderableType] = [Text(_summary(reply.analysis, region)), _panel(reply.draft)]
    if reply.plan.options:
        pieces.append(_options(reply.plan, region))
    pieces += [Text(line) for line in _commitments(reply.plan, region)]
    pieces.append(review_view(reply.review, reply.draft.text, region))
    return Group(*pieces)


def _summary(analysis: Analysis, region: Region) -> str:
    types = "、".join(name("type", one.code, region) for one in analysis.types) or name("label", "no_complaint", region)
    emotion = f"{name('emotion', analysis.emotion.primary, region)} {analysis.emotion.intensity}"
    return safe(f"{types} · {emotion} · {name('urgency', analysis.urgency.level, region)}")


def _panel(draft: Draft) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column()
    for part, words in parts_of(draft):
        label = name("part", part, draft.region) if part else ""
        grid.add_row(label, _Words(safe(words)))
    return Panel(grid, title=name("label", "draft", draft.region), title_align="left", box=box.ROUNDED, expand=True)


@dataclass(frozen=True, slots=True)
class _Words:
    """A text that fills its lines; rich would break Chinese only at its spaces."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line, _ in _folded(self.text, Span(0, 0), options.max_width):
            yield Text(line, no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        longest = max(map(cell_len, self.text.splitlines()), default=0)
        return Measurement(2, max(2, min(longest, options.max_width)))


def parts_of(draft: Draft) -> list[tuple[str, str]]:
    """Return the draft's text cut into (part, words), in order; a greeting or signature has the part "".

    What stands on one line with a part, such as its number in a list, belongs to it.
    """
    parts = draft.parts
    options = [("options", words) for words in parts.options]
    named = [("empathy", parts.empathy), ("apology", parts.apology), *options, ("follow_up", parts.follow_up)]
    pieces, at = [("", "")], 0
    for part, words in named:
        start = draft.text.find(words, at) if words else -1
        if start < 0:
            continue
        between, number = _line_of(draft.text[at:start], pieces)
        pieces += [("", between), (part, number + words)]
        at = start + len(words)
    rest, last = _line_of(draft.text[at:], pieces)
    pieces.append(("", rest + last))
    return [(part, words.strip()) for part, words in pieces if words.strip()]


def _line_of(gap: str, pieces: list[tuple[str, str]]) -> tuple[str, str]:
    """Give the end of the line before to the last of `pieces`; return what is between and what begins the next line."""
    end, newline, rest = gap.partition("\n")
    if not newline:
        return "", gap
    part, words = pieces[-1]
    pieces[-1] = (part, words + end)
    between, _, number = rest.rpartition("\n")
    return between, number


def _options(plan: Plan, region: Region) -> Table:
    table = _table(*(name("label", key, region) for key in ("plan", "answers", "until", "owner", "source")))
    for option in plan.options:
        amount = f" {option.amount.currency} {option.amount.value:f}" if option.amount else ""
        source = " ".join(filter(None, (option.source.policy, option.source.clause, option.source.law)))
        answers = "、".join(name("demand", code, region) for code in option.answers)
        table.add_row(*map(safe, (option.title + amount, answers, minute(option.deadline), option.owner, source)))
    return table


def _commitments(plan: Plan, region: Region) -> list[str]:
    lines = []
    for one in plan.demands:
        if one.answer in ("declined", "ask"):
            reason = reason_name(one.reason, region)
            lines.append(f"{name('demand', one.code, region)}: {name('answer', one.answer, region)} {reason}")
    if plan.follow_up:
        later = plan.follow_up
        channel = name("channel", later.channel, region)
        lines.append(f"{name('part', 'follow_up', region)}: {minute(later.at)} {channel} {later.owner}")
    if plan.questions:
        asked = "、".join(reason_name(one.fact, region) for one in plan.questions)
        lines.append(f"{name('label', 'questions', region)}: {asked}")
    return [safe(line) for line in (*lines, *plan.notes)]


def minute(at: datetime) -> str:
    """Return a time to the minute, in its own zone."""
    return at.strftime("%Y-%m-%d %H:%M")


# --- review


def review_view(review: Review, text: str, region: Region, why: Mapping[str, str] | None = None) -> RenderableType:
    """Return the findings, each with the words at fault underlined, and the verdict; `why` explains codes."""
    reasons = why or {}
    pieces = [finding_view(one, text, region, reasons.get(one.code, "")) for one in review.findings]
    verdict = titled("verdict", review.verdict, region)
    line = Text(f"{name('label', 'review', region)}: ").append(verdict, VERDICT_STYLES[review.verdict])
    if review.not_run:
        line.append(f"  ({name('label', 'not_run', region)}: {' '.join(one.code for one in review.not_run)})", "dim")
    return Group(*pieces, line)


def finding_view(finding: Finding, text: str, region: Region, why: str = "") -> Text:
    """Return one finding: code and message, its sentence with the words at fault underlined, the fix, and why."""
    style = STYLES[finding.severity]
    view = Text().append(safe(f"{finding.code} {finding.name}"), style)
    known = name("rule", finding.code, region)
    words = f" {known}" if known != finding.code else ""
    view.append(f"{words} [{name('severity', finding.severity, region)}]\n").append(_indented(finding.message))
    for line, marks in underlined(text, finding.span):
        view.append(f"\n    {line}")
        if marks:
            view.append(f"\n    {marks}", style)
    if finding.fix:
        words = finding.fix.text
        label = name("label", "fix" if words else "delete", region)
        view.append("\n" + _indented(f"{label}: {words or finding.fix.span.of(text)}"), "green")
    if why:
        view.append("\n" + _indented(f"{name('label', 'why', region)}: {why}"), "dim")
    return view


def _indented(text: str) -> str:
    """Fold `text` into indented lines of our width."""
    return "\n".join(f"    {line}" for line, _ in _folded(safe(text), Span(0, 0), _WIDTH))


def underlined(text: str, span: Span, width: int = _WIDTH) -> list[tuple[str, str]]:
    """Return the sentence around `span` in lines of at most `width` cells, each with the line of marks beneath it.

    A finding about the whole reply, or about something that is missing, points at no words and returns nothing.
    """
    end = min(span.end, len(text), span.start + _LONGEST_MARK)
    if span.start >= end or (span.start == 0 and span.end >= len(text.rstrip())):
        return []
    first, last = sentence_at(text, span.start), sentence_at(text, end - 1)
    left = max(min(first.start, span.start), span.start - _AROUND)
    right = min(max(last.end, end), end + _AROUND)
    return _folded(text[left:right].translate(_UNSAFE), Span(span.start - left, end - left), width)


def _folded(text: str, span: Span, width: int) -> list[tuple[str, str]]:
    """Cut `text` into lines of at most `width` cells, each with marks under the part of `span` that it holds."""
    folded = []
    for start, end in _lines(text, width):
        marks = ("^ "[not span.start <= offset < span.end] * cell_len(text[offset]) for offset in range(start, end))
        folded.append((text[start:end], "".join(marks).rstrip()))
    return folded


def _lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    start, used = 0, 0
    for offset, char in enumerate(text):
        if char == "\n":
            yield start, offset
            start, used = offset + 1, 0
            continue
        used += cell_len(char)
        if used > width:
            cut = _cut(text, start, offset)
            yield start, cut
            start, used = cut, cell_len(text[cut : offset + 1])
    yield start, len(text)


def _cut(text: str, start: int, offset: int) -> int:
    """Return where to break before `offset`: not before a closing mark, and not inside a number or a Latin word."""
    for at in range(offset, max(start, offset - _MOST_BACK), -1):
        if text[at] not in _CLOSING and not (text[at - 1].isascii() and text[at].isascii() and text[at] != " "):
            return at
    return offset


# --- tables of names


def rules_view(rules: Iterable[Rule]) -> Table:
    """Return the list of review rules."""
    table = _table("code", "name", "severity", "needs", "from")
    for rule in rules:
        severity = Text(rule.severity, STYLES.get(rule.severity, ""))
        table.add_row(rule.code, rule.name, severity, " ".join(sorted(rule.needs)), " ".join(rule.origin))
    return table


def rule_view(rule: Rule) -> RenderableType:
    """Return the page of one rule: why, a bad example, a good one, and how to set it."""
    page = Table.grid(padding=(0, 2))
    page.add_column(no_wrap=True, style="bold")
    page.add_column(overflow="fold")
    page.add_row("severity", Text(rule.severity, STYLES.get(rule.severity, "")))
    page.add_row("from", " ".join(rule.origin))
    page.add_row("needs", ", ".join(sorted(rule.needs)) or "the reply alone")
    page.add_row("why", safe(rule.why))
    for heading, style, examples in (("bad", "red", rule.bad), ("good", "green", rule.good)):
        for example in examples:
            page.add_row(heading, Text(safe(example.reply), style))
            if example.message:
                page.add_row("", Text(safe(f"{name('label', 'message', example.region)}: {example.message}"), "dim"))
    options = f'[review]\nignore = ["{rule.code}"]\nseverity = {{ {rule.code} = "info" }}'
    page.add_row("options", Text(f"in replykit.toml, to leave it out or to grade it anew:\n{options}"))
    return Group(Text(f"{rule.code} {rule.name}", "bold"), page)


def table_view(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a plain table."""
    table = _table(*headings)
    for row in rows:
        table.add_row(*map(safe, row))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table

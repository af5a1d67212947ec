"""Run the rules over one reply: the findings in the order of the text, and the rules that could not run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from replykit.rules import Hit, Outgoing, Rule
from replykit.types import Edit, Finding, NotRun, Review, Severity

_REASON = {
    "message": "no message given",
    "policy": "no store policy given",
    "order": "no order facts given",
}


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """Which rules run and how grave they are. Codes may be prefixes (`E`, `P6`); an empty `select` selects all."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)

    def runs(self, code: str) -> bool:
        """Tell whether the rule of that code is wanted."""
        wanted = not self.select or code.startswith(tuple(self.select))
        return wanted and not (self.ignore and code.startswith(tuple(self.ignore)))


def review(outgoing: Outgoing, rules: Sequence[Rule], options: ReviewOptions | None = None) -> Review:
    """Return what `rules` find, with one warning (E303) for each rule that raised; the others still run."""
    options = options or ReviewOptions()
    findings: list[Finding] = []
    not_run: list[NotRun] = []
    warnings: list[str] = []
    for rule in sorted(rules, key=lambda rule: rule.code):
        if not options.runs(rule.code):
            continue
        if missing := _missing(rule, outgoing):
            not_run.append(NotRun(rule.code, missing))
            continue
        try:
            hits = list(rule.check(outgoing))
            findings += _distinct(_finding(rule, hit, outgoing, options) for hit in hits)
        except Exception as problem:  # a stranger's rule may raise anything and must not cost the review
            warnings.append(f"E303: rule {rule.code} ({rule.name}) raised {type(problem).__name__}: {problem}")
            not_run.append(NotRun(rule.code, f"the rule raised {type(problem).__name__}"))
    findings.sort(key=lambda finding: (finding.span, finding.code))
    return Review(tuple(findings), tuple(not_run), tuple(warnings))


def apply_fixes(text: str, findings: Iterable[Finding]) -> str:
    """Return `text` with every safe fix applied; where two overlap, the first in the text is."""
    fixes = sorted(
        (one.fix for one in findings if one.fix and one.fix.safe and one.fix.span.end <= len(text)),
        key=lambda fix: (fix.span, fix.text),
    )
    kept: list[Edit] = []
    for fix in fixes:
        if not kept or fix.span.start >= kept[-1].span.end:
            kept.append(fix)
    for fix in reversed(kept):
        text = text[: fix.span.start] + fix.text + text[fix.span.end :]
    return text


def _missing(rule: Rule, outgoing: Outgoing) -> str:
    has = {
        "message": outgoing.message is not None and outgoing.analysis is not None,
        "policy": outgoing.policy is not None,
        "order": outgoing.order is not None,
    }
    return ", ".join(_REASON[need] for need in sorted(rule.needs) if not has[need])


def _finding(rule: Rule, hit: Hit, outgoing: Outgoing, options: ReviewOptions) -> Finding:
    if hit.span.end > len(outgoing.text):
        raise ValueError(f"the span {hit.span.start}..{hit.span.end} lies outside the reply")
    severity = options.severity.get(rule.code, rule.severity)
    return Finding(rule.code, rule.name, severity, hit.message, hit.span, hit.fix)


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Of one rule's findings keep the longer and earlier one where two overlap or stand at one place."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: (finding.span.start, -finding.span.end)):
        last = kept[-1].span if kept else None
        if last is None or (finding.span.start >= last.end and finding.span != last):
            kept.append(finding)
    return kept

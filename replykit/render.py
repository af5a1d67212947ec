"""Reviews and batches for other programs and for a browser: SARIF 2.1.0, JUnit XML, HTML pages.

The pages are Jinja templates in `pages/`, autoescaped and strict; they hold all they need and load nothing, so they
work offline and may be mailed. Text is cut free of what XML and HTML forbid (control characters, lone surrogates).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from replykit import __version__, taxonomy
from replykit.types import SEVERITIES, Finding, Region, Review, Severity

if TYPE_CHECKING:
    import jinja2

    from replykit.rules import Rule

_SARIF_LEVEL: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_CONTROLS = [*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0)]
_ILLEGAL = dict.fromkeys([*_CONTROLS, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD)
_OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def legal(text: str) -> str:
    """Return `text` with what XML or HTML forbids as the replacement sign; the length stays the same."""
    return text.translate(_ILLEGAL)


def reaches(review: Review, least: Severity) -> bool:
    """Tell whether any finding is as grave as `least`, or graver."""
    return any(_grave(finding, least) for finding in review.findings)


def _grave(finding: Finding, least: Severity) -> bool:
    return SEVERITIES.index(finding.severity) >= SEVERITIES.index(least)


# --- SARIF


def sarif(review: Review, text: str, rules: Sequence[Rule], uri: str = "reply.txt") -> dict[str, Any]:
    """Return a SARIF 2.1.0 log of one review of `text`; `rules` are those that were asked to run.

    Regions are code points of the artifact, whose text travels along. What was not run stands among the notifications.
    """
    known = [rule.code for rule in rules]
    driver = {
        "name": "replykit",
        "version": __version__,
        "rules": [_sarif_rule(rule) for rule in rules],
    }
    notes = [
        {"level": "note", "message": {"text": f"{one.code} was not run: {one.reason}"}, "descriptor": {"id": one.code}}
        for one in review.not_run
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": uri}, "contents": {"text": text}}],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_sarif_result(one, text, known, uri) for one in review.findings],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.why or rule.name},
        "defaultConfiguration": {"level": _SARIF_LEVEL[rule.severity]},
    }


def _sarif_result(finding: Finding, text: str, known: Sequence[str], uri: str) -> dict[str, Any]:
    start, end = finding.span.start, finding.span.end
    region = {"charOffset": start, "charLength": end - start, "snippet": {"text": finding.span.of(text)}}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _SARIF_LEVEL[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }
    if finding.code in known:
        result["ruleIndex"] = known.index(finding.code)
    if finding.fix:
        span = finding.fix.span
        deleted = {"charOffset": span.start, "charLength": span.end - span.start}
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": finding.fix.text}}
        change = {"artifactLocation": {"uri": uri}, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": finding.message}, "artifactChanges": [change]}]
    return result


# --- JUnit


def junit(review: Review, text: str, rules: Sequence[Rule], fail_on: Severity) -> str:
    """Return JUnit XML with one test case a rule: failed with a finding as grave as `fail_on`, skipped when not run."""
    from xml.etree import ElementTree as Xml

    by_code: dict[str, list[Finding]] = {}
    for finding in review.findings:
        by_code.setdefault(finding.code, []).append(finding)
    reasons = {one.code: one.reason for one in review.not_run}
    names = {rule.code: rule.name for rule in rules} | {one.code: one.name for one in review.findings}
    suite = Xml.Element("testsuite", name="replykit review")
    for code in sorted({*names, *reasons}):
        title = legal(f"{code} {names.get(code, '')}".strip())
        case = Xml.SubElement(suite, "testcase", classname="replykit.review", name=title)
        found = by_code.get(code, [])
        words = legal("\n".join(f"{one.span.start}-{one.span.end} {one.severity}: {one.message}" for one in found))
        if any(_grave(one, fail_on) for one in found):
            Xml.SubElement(case, "failure", message=legal(found[0].message), type=found[0].severity).text = words
        elif found:
            Xml.SubElement(case, "system-out").text = words
        elif code in reasons:
            Xml.SubElement(case, "skipped", message=legal(reasons[code]))
    counts = {key: len(suite.findall(f"testcase/{tag}")) for key, tag in _OUTCOMES.items()}
    suite.attrib.update({key: str(count) for key, count in {"tests": len(suite), **counts}.items()})
    if text:
        Xml.SubElement(suite, "system-out").text = legal(text)
    root = Xml.Element("testsuites")
    root.append(suite)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


# --- HTML


def review_page(review: Mapping[str, Any], text: str, region: Region, message: str | None = None) -> str:
    """Return one page about the review (as JSON) of the reply `text`."""
    template = _environment().get_template("review.html.j2")
    return template.render(review=review, text=text, message=message, region=region)


def batch_page(rows: Iterable[Mapping[str, Any]], counts: Mapping[str, Any], region: Region) -> Iterator[str]:
    """Yield, piece by piece, one page about a batch: its `counts`, then every row (input columns and job objects)."""
    template = _environment().get_template("batch.html.j2")
    yield from template.generate(rows=rows, counts=counts, region=region)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    folder = files("replykit") / "pages"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: legal(value) if isinstance(value, str) else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(named=taxonomy.name, titled=taxonomy.titled, pieces=pieces)
    return environment


def pieces(text: str, findings: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, Severity | None]]:
    """Cut `text` where findings begin and end: (words, codes, the gravest severity) of each piece, in order.

    A finding that covers the whole text marks nothing: it is about something missing.
    """
    spans = [one for one in findings if 0 < one["end"] - one["start"] < len(text.strip())]
    edges = sorted({0, len(text), *(one["start"] for one in spans), *(one["end"] for one in spans)})
    cut: list[tuple[str, str, Severity | None]] = []
    for start, end in pairwise(edges):
        here = [one for one in spans if one["start"] <= start and end <= one["end"]]
        gravest: Severity | None = max((one["severity"] for one in here), key=SEVERITIES.index, default=None)
        cut.append((text[start:end], " ".join(sorted({one["code"] for one in here})), gravest))
    return cut

"""One row in, one result out: what a worker does, in this process or in another. It never raises."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from replykit import wire
from replykit.batch.flat import Job
from replykit.batch.rows import Row, json_type
from replykit.errors import InputError, ReplykitError
from replykit.types import REGIONS, Message, Order, Region

if TYPE_CHECKING:
    from replykit.pipeline import Kit

Result = dict[str, Any]
Load = Callable[..., "Kit"]
TEXT: Mapping[Job, str] = {"analyze": "text", "reply": "text", "review": "reply"}


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with every row; a row's own `store` and `region` go before these. `now` is an aware time."""

    job: Job
    now: datetime
    store: str | None = None
    region: Region | None = None
    role: str | None = None
    writer: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def load_kit(**settings: Any) -> Kit:
    """Return the kit of `settings` over the configuration."""
    from replykit.pipeline import Kit

    return Kit.load(**settings)


class Worker:
    """Does one task, row after row, with one kit for each store and region that the rows name."""

    def __init__(self, task: Task, load: Load = load_kit) -> None:
        self._task = task
        self._load = load
        self._kits: dict[tuple[str | None, Region | None], Kit] = {}

    def work(self, row: Row) -> Result:
        """Return the job's objects as JSON, or `{"error": {code, message}}`."""
        try:
            if row.error:
                raise row.error
            return self._do(row.values)
        except ReplykitError as problem:
            message = problem.message + (f" ({problem.hint})" if problem.hint else "")
            return {"error": {"code": problem.code, "message": message}}
        except Exception as problem:  # one row must never stop the others
            return {"error": {"code": "E303", "message": f"{type(problem).__name__}: {problem}"}}

    def _do(self, values: Mapping[str, Any]) -> Result:
        task = self._task
        text = text_of(values, TEXT[task.job])
        kit = self._kit(values)
        at = _time(values.get("sent_at"), task.now)
        if task.job == "review":
            customer = text_of(values, "message") if values.get("message") else None
            chosen = {"select": task.select, "ignore": task.ignore}
            review = kit.review(text, message=customer, order=_order(values), now=at or task.now, **chosen)
            return {"review": wire.review_json(review, text)}
        names = {key: str(values.get(column) or "") for key, column in (("sender", "customer"), ("channel", "channel"))}
        identity = "" if values.get("id") is None else str(values["id"])
        message = Message(text, identity, sent_at=at, **names)
        if task.job == "analyze":
            return {"analysis": wire.analysis_json(kit.analyze(message, now=task.now))}
        result = wire.reply_json(kit.reply(message, order=_order(values), now=task.now))
        return result if result["warnings"] else {key: result[key] for key in result if key != "warnings"}

    def _kit(self, values: Mapping[str, Any]) -> Kit:
        task = self._task
        store, region = values.get("store") or task.store, values.get("region") or task.region
        if region is not None and region not in REGIONS:
            raise InputError("E105", f"no region {region!r}", f"known: {', '.join(REGIONS)}")
        key = (None if store is None else str(store), region)
        if key not in self._kits:
            self._kits[key] = self._load(store=key[0], region=region, role=task.role, writer=task.writer)
        return self._kits[key]


def text_of(values: Mapping[str, Any], column: str) -> str:
    """Return the text of `column`, an empty cell as an empty text.

    Raises InputError E104 when the column is missing or holds a list or an object.
    """
    if column not in values:
        there = ", ".join(map(str, values)) or "none"
        raise InputError("E104", f"no column {column!r}", f"columns: {there}")
    value = values[column]
    if isinstance(value, list | dict):
        raise InputError("E104", f"column {column!r} is a JSON {json_type(value)}, not a text", "put it in quotes")
    return "" if value is None else str(value)


def _order(values: Mapping[str, Any]) -> Order | None:
    value = values.get("order")
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as problem:
            raise InputError("E106", f"order: not JSON: {problem}", "write the order as a JSON object") from problem
    return wire.order_from_json(value)


def _time(value: object, now: datetime) -> datetime | None:
    """Read a time in any of the tables' ways; one without a zone is in that of `now`."""
    if value is None or value == "":
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError as problem:
        raise InputError("E104", f"sent_at {value!r} is not a time", "write 2026-11-20T10:30:00+08:00") from problem
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)

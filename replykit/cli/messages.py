"""`replykit analyze` and `replykit reply`: one message in, one answer out."""

from __future__ import annotations

from typing import Annotated

import typer

from replykit import terminal
from replykit.cli import options, streams
from replykit.cli.options import AsJson, Now, OrderFile, Role, Store, Where, Writer

Text = Annotated[
    str, typer.Argument(metavar="TEXT", help="The customer's message, or - for standard input.", show_default=False)
]


def analyze(text: Text, region: Where = None, now: Now = None, json: AsJson = False) -> None:
    """Say what a message complains of, how upset it is, what it asks for, and how urgent it is."""
    message, at = streams.read_text(text), streams.read_now(now)
    analysis = options.load_kit(region=region).analyze(message, now=at)
    options.warn(analysis.warnings)
    if not json:
        return streams.show(terminal.analysis_view(analysis))
    from replykit.wire import analysis_json

    return streams.answer(analysis_json(analysis))


def reply(
    text: Text,
    store: Store = None,
    region: Where = None,
    order: OrderFile = None,
    role: Role = None,
    now: Now = None,
    writer: Writer = None,
    json: AsJson = False,
) -> None:
    """Draft a reply within the store's policy, with everything that led to it."""
    message, at, facts = streams.read_text(text), streams.read_now(now), streams.read_order(order)
    kit = options.load_kit(store=store, region=region, role=role, writer=writer)
    result = kit.reply(message, order=facts, now=at)
    options.name_store(kit, region or result.analysis.region)
    options.warn(result.warnings)
    if not json:
        return streams.show(terminal.reply_view(result))
    from replykit.wire import reply_json

    return streams.answer(reply_json(result))

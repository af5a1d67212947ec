"""The command line of docs/interface.md: a thin edge. Reads arguments, calls a Kit, prints one answer.

Only typer and rich load at the top; everything else loads in the command that needs it, so that each starts at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from replykit import __version__
from replykit.cli import batch, evaluating, listing, messages, packs, reviewing, streams, training
from replykit.errors import EXIT_CLEAN, ReplykitError

EXIT_INTERRUPTED = 130


class Commands(TyperGroup):
    """Turns what a command raises into a message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command named."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader (head, less) has seen enough
            streams.abandon()
            raise typer.Exit(EXIT_CLEAN) from None
        except KeyboardInterrupt:
            streams.note("interrupted")
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except Exception as problem:
            # typer's own exceptions carry an exit code too, and typer prints them
            ours = isinstance(problem, ReplykitError)
            if not ours and (hasattr(problem, "exit_code") or isinstance(problem, typer.Abort)):
                raise
            raise typer.Exit(streams.complain(problem, debug=ctx.params.get("debug", False))) from None
        return result


app = typer.Typer(
    cls=Commands,
    name="replykit",
    help="Reads a Chinese customer complaint, settles what the store can offer, drafts the reply and reviews it.",
    epilog='Example: replykit reply "等了三天还没发货，我要退款"',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        streams.write(f"replykit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    debug: Annotated[bool, typer.Option("--debug", help="Print tracebacks (also: REPLYKIT_DEBUG=1).")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    return None


_EXAMPLES: dict[Callable[..., None], str] = {
    messages.analyze: 'replykit analyze "等了三天还没发货，我要退款" --json',
    messages.reply: 'replykit reply "等了三天还没发货，我要退款" --region zh-CN --order order.json --json',
    reviewing.review: 'replykit review "亲，已为您加急处理，请耐心等待" --message "等了三天" --format json',
    training.train: "replykit train --data labelled --out reader",
    evaluating.evaluate: "replykit evaluate labeled.jsonl -o report.html",
    listing.plugins: "replykit plugins",
    listing.rules: "replykit rules",
    listing.rule: "replykit rule P601",
    listing.config: "replykit config --json",
    listing.doctor: "replykit doctor",
}
for _command, _example in _EXAMPLES.items():
    app.command(epilog=f"Example: {_example}")(_command)
app.add_typer(batch.batch, name="batch")
app.add_typer(packs.plugin, name="plugin")


def main() -> None:
    """Run the command line."""
    gc.disable()  # one command lives too briefly for collecting to pay: nearly all that it makes it keeps to the end
    streams.prepare()
    try:
        app()
    except SystemExit as end:
        if isinstance(end.code, int):
            streams.leave(end.code)
        raise

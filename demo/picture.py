"""Draw the README's picture: one message, what was read out of it, and its reply, as the terminal shows them.

python demo/picture.py OUT.svg
"""

from __future__ import annotations

import io
import re
import sys
from datetime import datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console

from replykit import Kit, terminal

MESSAGE = "下单写着四十分钟送到，等了两个多小时，打开饭都凉透了，汤还洒了半袋。打电话也没人接，你们到底管不管？退款！"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def widened(svg: str) -> str:
    """Give each piece of text the width of its cells: rich counts characters, and a Chinese one takes two cells."""

    def fit(piece: re.Match[str]) -> str:
        words = unescape(piece["words"])
        width = float(piece["width"]) * cell_len(words) / max(1, len(words))
        return f'textLength="{width:.1f}"{piece["more"]}>{piece["words"]}</text>'

    return re.sub(r'textLength="(?P<width>[\d.]+)"(?P<more>[^>]*)>(?P<words>[^<]*)</text>', fit, svg)


def main() -> None:
    console = Console(record=True, file=io.StringIO(), width=96, force_terminal=True, color_system="truecolor")
    reply = Kit.load().reply(MESSAGE, now=NOW)
    console.print(f"[bold]$[/] replykit reply {MESSAGE!r}\n", highlight=False)
    console.print(terminal.analysis_view(reply.analysis))
    console.print(terminal.reply_view(reply))
    Path(sys.argv[1]).write_text(widened(console.export_svg(title="replykit")), encoding="utf-8")


if __name__ == "__main__":
    main()

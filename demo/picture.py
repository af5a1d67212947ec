"""Draw the README's picture: one message, what was read out of it, and its reply, as the terminal shows them.

python demo/picture.py OUT.svg
"""

from __future__ import annotations

import io
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from replykit import Kit, terminal

MESSAGE = "下单写着四十分钟送到，等了两个多小时，打开饭都凉透了，汤还洒了半袋。打电话也没人接，你们到底管不管？退款！"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def main() -> None:
    console = Console(record=True, file=io.StringIO(), width=96, force_terminal=True, color_system="truecolor")
    reply = Kit.load().reply(MESSAGE, now=NOW)
    console.print(f"[bold]$[/] replykit reply {MESSAGE!r}\n", highlight=False)
    console.print(terminal.analysis_view(reply.analysis))
    console.print(terminal.reply_view(reply))
    Path(sys.argv[1]).write_text(console.export_svg(title="replykit"), encoding="utf-8")


if __name__ == "__main__":
    main()

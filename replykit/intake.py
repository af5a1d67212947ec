"""What is handed in at the door: a text of bearable length, a clock, and a number that the same case always has."""

from __future__ import annotations

import zlib
from datetime import datetime
from zoneinfo import ZoneInfo

from replykit.errors import InputError
from replykit.types import Message

LONGEST = 100_000  # code points; the longest complaint in a mailbox is a hundredth of it


def message(text: str | Message) -> Message:
    """Return `text` as a message.

    Raises InputError E103 when it is too long.
    """
    one = text if isinstance(text, Message) else Message(text)
    bearable(one.text)
    return one


def bearable(text: str) -> str:
    """Return `text`, or raise InputError E103 when it has over 100,000 characters."""
    if len(text) > LONGEST:
        advice = "hand in the customer's own words without the quoted history and attachments"
        raise InputError("E103", f"the text has {len(text):,} characters, the limit is {LONGEST:,}", advice)
    return text


def clock(now: datetime | None, zone: str) -> datetime:
    """Return an aware time: `now` (in `zone` when it names none), else the machine's clock."""
    here = ZoneInfo(zone)
    if now is not None and not 1970 <= now.year < 2200:
        raise InputError("E105", f"the time {now.isoformat()} is out of bounds", "give a time of this or a near year")
    return datetime.now(here) if now is None else now if now.tzinfo else now.replace(tzinfo=here)


def variant(case: Message) -> int:
    """Return a number that depends on the case alone, to choose among equal wordings."""
    return zlib.crc32(f"{case.id}\n{case.text}".encode("utf-8", "surrogatepass"))

"""What is done of a batch, kept beside the output until it is finished, so that a stopped run can go on.

`OUTPUT.part` is JSONL whatever the output is: a line about the run, then one result a line, in the order of the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from replykit import __version__
from replykit.batch.jobs import Result, Task
from replykit.errors import InputError
from replykit.wire import dumps


class Journal:
    """The results of one run, appended as they come; each is on disk before the next row begins."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self.done = 0

    def begin(self, task: Task, source: Path, *, resume: bool, fixed: bool) -> datetime:
        """Open the journal and return the clock of the run: when resumed, that of its beginning unless it is `fixed`.

        Raises InputError E109 when what is kept was made from another input or with other options, or when nothing can
        be written there.
        """
        settings = asdict(task)
        clock = settings.pop("now").isoformat()
        head = {"replykit": __version__, "input": fingerprint(source), "task": settings, "now": clock}
        try:
            kept = self._kept() if resume and self.path.is_file() else None
            if kept is None:
                self.path.write_text(dumps(head) + "\n", encoding="utf-8", newline="\n")
            self._file = self.path.open("a", encoding="utf-8", newline="\n")
        except OSError as problem:
            raise InputError("E109", f"{self.path}: cannot be written: {problem}", "check its folder") from problem
        if kept is None:
            return task.now
        same = json.loads(dumps(head)) | ({} if fixed else {"now": kept.get("now")})
        if kept != same:
            self.close()
            advice = f"give the same input and options, or delete {self.path} and begin anew"
            raise InputError("E109", f"{self.path} is from a run with another input or other options", advice)
        return datetime.fromisoformat(kept["now"])

    def _kept(self) -> dict[str, Any] | None:
        """Return the line about the run, count the whole lines after it and cut off a torn one."""
        whole, lines = 0, 0
        head: dict[str, Any] | None = None
        with self.path.open("r+b") as file:
            for line in file:
                data = _whole(line)
                if data is None:
                    break
                head = head or data
                whole += len(line)
                lines += 1
            file.truncate(whole)
        self.done = max(0, lines - 1)
        return head

    def add(self, result: Result) -> None:
        """Append one result."""
        self._file.write(dumps(result) + "\n")
        self._file.flush()
        self.done += 1

    def results(self) -> Iterator[Result]:
        """Yield every result, in the order of the rows."""
        with self.path.open(encoding="utf-8", newline="\n") as file:
            next(file)
            yield from map(json.loads, file)

    def close(self) -> None:
        """Close the file; it stays for a later run."""
        self._file.close()

    def remove(self) -> None:
        """Remove it: the output is finished."""
        self.close()
        self.path.unlink(missing_ok=True)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _whole(line: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return data if isinstance(data, dict) else None

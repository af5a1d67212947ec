"""Score the review against labelled replies of real companies.

python benchmarks/review.py GOLD.jsonl --score SCORE_SCRIPT
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from replykit import Kit

VERDICTS = {"send": 0, "mend": 1, "block": 2}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--score", type=Path, required=True, help="the scoring script")
    args = parser.parse_args()
    kit = Kit.load()
    gold = [json.loads(line) for line in args.gold.read_text("utf-8").splitlines()]
    began = time.perf_counter()
    reviews = [kit.review(one["reply"], message=one["message"]) for one in gold]
    print(f"{len(gold) / (time.perf_counter() - began):.0f} replies a second, their messages analyzed too")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for one, review in zip(gold, reviews, strict=True):
            codes = sorted({finding.code for finding in review.findings})
            file.write(json.dumps({"id": one["id"], "codes": codes, "verdict": VERDICTS[review.verdict]}) + "\n")
        file.flush()
        sys.exit(subprocess.run([sys.executable, args.score, args.gold, file.name], check=False).returncode)


if __name__ == "__main__":
    main()

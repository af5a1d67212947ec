"""Labels as numbers: one column a code, in the order of Codes.columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from replykit.classifier.codes import NONE, Codes
from replykit.labeled import Row

Array = npt.NDArray[np.float32]
SECOND = 0.5  # what each of two emotions counts: a reading that names either is right


def targets(rows: Sequence[Row], codes: Codes) -> Array:
    """Return an array (rows, codes.width) of 0 and 1; an emotion with a second one is shared between the two."""
    result = np.zeros((len(rows), codes.width), np.float32)
    place = {
        family: {code: codes.columns[family].start + number for number, code in enumerate(names)}
        for family, names in codes.of.items()
    }
    for number, row in enumerate(rows):
        for family in ("types", "signals", "demands"):
            for code in getattr(row, family):
                result[number, place[family][code]] = 1
        result[number, place["first"][row.types[0] if row.types else NONE]] = 1
        result[number, place["intensity"][str(row.intensity)]] = 1
        result[number, place["emotions"][row.emotion]] += 1 - SECOND if row.emotion2 else 1
        if row.emotion2:
            result[number, place["emotions"][row.emotion2]] += SECOND
    return result

"""The subword vocabulary, and a first meaning for each of its tokens.

Byte-pair encoding over runs of Chinese characters gives words of up to four characters beside the single ones, so
that a text is a third shorter and a typo costs one word only. The first vectors come from a factorization of positive
pointwise mutual information (Levy and Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization"): made in
seconds, they spare the encoder the slow beginning of pre-training.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.utils.extmath import randomized_svd
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

PAD, UNKNOWN, FIRST, LAST, MASK = range(5)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_CHARACTERS = 5200  # rarer ones than these are unknown
_LONGEST = 4
_WINDOW = 5  # tokens on each side that count as company
_SMOOTHING = 0.75  # of the company's frequencies, as in word2vec
_PIECES = r"[一-鿿㐀-䶿]+|[a-z]+|[0-9]|."

Floats = npt.NDArray[np.float32]


def train_tokenizer(texts: Sequence[str], size: int) -> Tokenizer:
    """Return a byte-pair tokenizer of `size` tokens, trained on folded texts."""
    tokenizer = Tokenizer(models.BPE(unk_token=SPECIAL[UNKNOWN]))
    split = [
        pre_tokenizers.Split(Regex(r"\s+"), "removed"),
        pre_tokenizers.Split(Regex(_PIECES), "isolated"),
    ]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(split)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=list(SPECIAL),
        max_token_length=_LONGEST,
        limit_alphabet=_CHARACTERS,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


class Splitter:
    """Takes words apart into their characters at random, much as BPE-dropout does (Provilkov and others 2020).

    A word is then also known by its characters. The library's own dropout cannot be seeded; this can.
    """

    def __init__(self, tokenizer: Tokenizer, rate: float) -> None:
        vocabulary = tokenizer.get_vocab()
        self._rate = rate
        self._parts = {
            number: [vocabulary[char] for char in token]
            for token, number in vocabulary.items()
            if 1 < len(token) <= _LONGEST and all(char in vocabulary for char in token)
        }

    def __call__(self, ids: Sequence[int], chance: np.random.Generator) -> list[int]:
        """Return `ids` with each word taken apart with the chance of `rate`."""
        drawn = chance.random(len(ids)) < self._rate
        pairs = zip(ids, drawn, strict=True)
        return [part for one, split in pairs for part in (self._parts.get(one, (one,)) if split else (one,))]


def first_vectors(
    texts: Sequence[str], tokenizer: Tokenizer, width: int, seed: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return an array (tokens, width) of unit vectors, and how often each token occurs."""
    size = tokenizer.get_vocab_size()
    gap = [-1] * _WINDOW
    ids = np.array([one for encoding in tokenizer.encode_batch(texts) for one in (*encoding.ids, *gap)])
    counts = np.bincount(ids[ids >= 0], minlength=size)
    company = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, _WINDOW + 1):
        left, right = ids[:-distance], ids[distance:]
        both = (left >= 0) & (right >= 0)
        weight = np.full(int(both.sum()), 1 / distance, np.float32)
        company = company + sparse.csr_matrix((weight, (left[both], right[both])), shape=(size, size))
    vectors = _factors(company + company.T, width, seed)
    return vectors, counts


def _factors(company: sparse.csr_matrix, width: int, seed: int) -> Floats:
    total = company.sum()
    rows = np.asarray(company.sum(1)).ravel()
    columns = rows**_SMOOTHING
    columns *= total / columns.sum()
    cells = company.tocoo()
    information = np.log(cells.data * total / (rows[cells.row] * columns[cells.col] + 1e-9))
    kept = information > 0
    positive = sparse.csr_matrix((information[kept], (cells.row[kept], cells.col[kept])), shape=company.shape)
    left, values, _ = randomized_svd(positive, width, n_iter=4, random_state=seed)
    vectors = left * np.sqrt(values)
    unit: Floats = (vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6)).astype(np.float32)
    return unit

"""BM25F over rungs and fields (Robertson, Zaragoza & Taylor 2004).

    tf(q, d)  = Σ_f boost_f Σ_r weight_r · tf_{q,f,r}(d) / (1 − b + b · len_f(d) / avglen_f)
    score(d)  = Σ_q idf(q) · tf(q, d) / (k1 + tf(q, d))
    idf(q)    = Σ_r weight_r · idf_r(q) / Σ_r weight_r
    idf_r(q)  = ln(1 + (N − n_r + ½) / (n_r + ½))

where an occurrence counts on the narrowest rung r on which it meets q, and n_r is the sum
of the document frequencies of the terms that meet q on r or a narrower rung.
`docs/ranking.md` has how the numbers were chosen and what each is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

from ..records import record, value


@record
class Ranking:
    """The numbers of the ranking.

    Attributes:
        k1: how fast more of the same word stops counting.
        b: how much a document's length matters, from 0 (not) to 1.
        written, spelling, stem, root: weight of an occurrence by the narrowest rung on which it
            meets the query word.
        clash: factor on `written` and `spelling` where the marks contradict those typed.
        synonym: what an occurrence of another name of the word is worth.
        boosts: of fields, in the place of those of the schema.
    """

    k1: float = 0.7
    b: float = 0.82
    written: float = 1.2
    spelling: float = 1.0
    stem: float = 0.9
    root: float = 0.2
    clash: float = 0.3
    synonym: float = 0.5
    boosts: Mapping[str, float] = value(default={})

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The weights of the rungs, narrowest first."""
        return self.written, self.spelling, self.stem, self.root

    def idf(self, documents: int, frequencies: Sequence[float]) -> float:
        """The weight of a word; always positive.

        Args:
            documents: how many there are.
            frequencies: of each rung up to the widest allowed, from the narrowest on, the
                documents that have the word there, those of narrower rungs included.
        """
        first = 1 if len(frequencies) > 1 else 0  # written and spelling are one rung here
        weights = self.weights[first : len(frequencies)]
        total = sum(
            weight * _idf(documents, n)
            for weight, n in zip(weights, frequencies[first:], strict=True)
        )
        return float(total / sum(weights))


def _idf(documents: int, n: float) -> float:
    n = min(max(n, 0.0), documents)
    return math.log1p((documents - n + 0.5) / (n + 0.5))


DEFAULT = Ranking()

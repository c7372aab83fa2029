"""BM25F over rungs and fields (Robertson, Zaragoza & Taylor 2004).

    tf(q, d)  = Σ_f boost_f Σ_r weight_r · tf_{q,f,r}(d) / (1 − b + b · len_f(d) / avglen_f)
    score(d)  = Σ_q idf(q) · tf(q, d) / (k1 + tf(q, d))
    idf(q)    = ln(1 + (N − n + ½) / (n + ½)),   n = Σ_t weight_t · df_t / max weight

where t are the terms that match q, each on its narrowest rung. `docs/ranking.md` has how
the numbers were chosen and what each is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers of the ranking.

    Attributes:
        k1: how fast more of the same word stops counting.
        b: how much a document's length matters, from 0 (not) to 1.
        written, spelling, stem, root: weight of an occurrence by the narrowest rung on which it
            meets the query word.
        clash: factor on `written` and `spelling` where the marks contradict those typed.
        boosts: of fields, in the place of those of the schema.
    """

    k1: float = 0.9
    b: float = 0.75
    written: float = 1.0
    spelling: float = 1.0
    stem: float = 1.0
    root: float = 0.4
    clash: float = 0.3
    boosts: dict[str, float] = field(default_factory=dict)

    def idf(self, documents: int, n: float) -> float:
        """The weight of a word that `n` of the documents have; always positive."""
        n = min(max(n, 0.0), documents)
        return math.log1p((documents - n + 0.5) / (n + 0.5))


DEFAULT = Ranking()

"""Multinomial logistic regression over TF-IDF: which intent a text has, how likely, and by which words.

The words, the pieces of words and the concepts of a text are three vectors of fixed length, so that a long
text is no more sure than a short one. With an L2 penalty the best weights are a mixture of the examples
(representer theorem), so they are looked for among such mixtures: a few hundred numbers per intent instead of
tens of thousands.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from otklik.assist.rules.features import Counted, counted
from otklik.assist.rules.lbfgs import minimise

Matrix = NDArray[np.float64]
# Chosen by cross-validation of the taught sentences; see docs/decisions/0019.
PENALTY = 0.0003
# Of words, pieces and concepts in a text's vector.
SHARES = {"w:": 0.3, "p:": 0.1, "c:": 0.6}
# Pairs and pieces seen once tell nothing of another text.
_LEAST_OFTEN = 2
_MOST_REASONS = 5
_LEAST_REASON = 0.02


@dataclass(frozen=True, slots=True)
class Reason:
    """A word of the text that speaks for the intent, and its share in the sum (log-odds against the mean)."""

    word: str
    weight: float


@dataclass(frozen=True)
class Classifier:
    """``terms``: of words ("w:") and pieces ("p:"); ``rarity``: their idf; ``weights``: a row
    for each term."""

    intents: tuple[str, ...]
    terms: tuple[str, ...]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @cached_property
    def places(self) -> dict[str, int]:
        return {term: place for place, term in enumerate(self.terms)}

    def probabilities(self, text: str) -> dict[str, float]:
        places, values = _vector(counted(text), self.places, self.rarity)
        scores = self.bias + values @ self.weights[places]
        likely = _softmax(scores[None, :].astype(np.float64))[0]
        return dict(zip(self.intents, map(float, likely), strict=True))

    def reasons(self, text: str, intent: str) -> list[Reason]:
        """The words that spoke for it most, strongest first. Pairs count for the words they are made of."""
        found = counted(text)
        places, values = _vector(found, self.places, self.rarity)
        column = self.intents.index(intent)
        told = self.weights[places, column] - self.weights[places].mean(axis=1)
        sums: dict[str, float] = defaultdict(float)
        for place, share in zip(places, told * values, strict=True):
            term = self.terms[place]
            if term.startswith("w:"):
                parts = [part for part in term[2:].split(" ") if part in found.shown]
                for part in parts:
                    sums[found.shown[part]] += float(share) / len(parts)
        strongest = [
            Reason(word, weight)
            for word, weight in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        return [reason for reason in strongest[:_MOST_REASONS] if reason.weight >= _LEAST_REASON]

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        np.savez_compressed(
            out,
            intents=np.array(self.intents),
            terms=np.array(self.terms),
            rarity=self.rarity,
            weights=self.weights,
            bias=self.bias,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Classifier:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            return cls(
                intents=tuple(map(str, kept["intents"])),
                terms=tuple(map(str, kept["terms"])),
                rarity=kept["rarity"],
                weights=kept["weights"],
                bias=kept["bias"],
            )


def fit(texts: Sequence[str], labels: Sequence[str], *, penalty: float = PENALTY) -> Classifier:
    """Deterministic: the same examples in the same order give the same weights."""
    found = [counted(text) for text in texts]
    terms, rarity = _learn_terms(found)
    places = {term: place for place, term in enumerate(terms)}
    rows = np.zeros((len(texts), len(terms)), dtype=np.float32)
    for row, one in zip(rows, found, strict=True):
        where, values = _vector(one, places, rarity)
        row[where] = values
    intents = tuple(sorted(set(labels)))
    chosen = np.zeros((len(texts), len(intents)))
    chosen[np.arange(len(texts)), [intents.index(label) for label in labels]] = 1
    mixture, bias = _solve(np.asarray(rows @ rows.T, dtype=np.float64), chosen, penalty)
    weights = rows.T @ mixture.astype(np.float32)
    return Classifier(intents, terms, rarity, weights, bias.astype(np.float32))


def _learn_terms(found: Iterable[Counted]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    often: Counter[str] = Counter()
    texts = 0
    for one in found:
        texts += 1
        often.update(term for mark in SHARES for term, _ in _terms(one, mark))
    kept = sorted(term for term, count in often.items() if count >= _LEAST_OFTEN)
    rarity = np.array([np.log((1 + texts) / (1 + often[term])) + 1 for term in kept], dtype=np.float32)
    return tuple(kept), rarity


def _terms(found: Counted, mark: str) -> Iterator[tuple[str, int]]:
    """In the order of the alphabet: sums of floats depend on it."""
    if mark == "c:":
        return ((f"c:{concept}", 1) for concept in sorted(found.concepts))
    counts = found.words if mark == "w:" else found.pieces
    return ((mark + term, count) for term, count in sorted(counts.items()))


def _vector(
    found: Counted, places: dict[str, int], rarity: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    where: list[int] = []
    values: list[NDArray[np.float32]] = []
    for mark, weigh in SHARES.items():
        known = [(places[term], count) for term, count in _terms(found, mark) if term in places]
        if known:
            here = [place for place, _ in known]
            part = (1 + np.log([count for _, count in known])) * rarity[here]
            where += here
            values.append((part * np.sqrt(weigh) / np.sqrt(part @ part)).astype(np.float32))
    merged = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
    return np.array(where, dtype=np.intp), merged


def _solve(likeness: Matrix, chosen: Matrix, penalty: float) -> tuple[Matrix, NDArray[np.float64]]:
    """``likeness``: the scalar products of the examples. The mixture of examples that each intent's weights
    are, and the bias; of all such the least mean log-loss + penalty/2 · |weights|²."""
    count, intents = chosen.shape
    values, vectors = np.linalg.eigh(likeness)
    kept = values > 1e-9 * values[-1]
    roots = np.sqrt(values[kept])
    space = vectors[:, kept] * roots
    width = space.shape[1]

    def objective(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = point[: width * intents].reshape(width, intents), point[width * intents :]
        likely = _softmax(space @ weights + bias)
        loss = -np.log(np.maximum(likely[chosen > 0], 1e-300)).mean() + penalty / 2 * (weights**2).sum()
        rest = (likely - chosen) / count
        return float(loss), np.concatenate([(space.T @ rest + penalty * weights).ravel(), rest.sum(axis=0)])

    point = minimise(objective, np.zeros((width + 1) * intents))
    weights, bias = point[: width * intents].reshape(width, intents), point[width * intents :]
    return (vectors[:, kept] / roots) @ weights, bias


def _softmax(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))

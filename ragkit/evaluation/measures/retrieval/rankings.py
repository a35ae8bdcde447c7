"""How well one search did: the metrics of a ranking against the places that answer.

Where gold is whole documents, as in collections judged so, documents are ranked by their best
passage and each counts for itself; else each part of the gold counts once, where it is first held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ragkit.evaluation.gold import (
    BUDGETS,
    is_whole,
    part_ranks,
    rank_of_all,
    ranking_of_parts,
    within_budget,
)
from ragkit.evaluation.ranking import (
    average_precision,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)
from ragkit.evaluation.records import GoldPlace, Outcome, Passage, Sample

DEPTHS = (1, 3, 5, 10)
METRICS = {
    **{f"hit@{depth}": f"gold found among the first {depth}" for depth in DEPTHS},
    **{f"recall@{depth}": f"share of the gold among the first {depth}" for depth in DEPTHS},
    "mrr@10": "1 / rank of the first hit (MRR@10)",
    "ndcg@10": "normalised discounted gain (nDCG@10)",
    "map": "mean average precision (MAP)",
    **{f"recall_in_{budget}": f"share of the gold within {budget:,} tokens" for budget in BUDGETS},
}
"""Names, and titles for a reader."""

Scores = Mapping[str, float | None]


def score_search(sample: Sample, outcome: Outcome) -> Scores:
    """Return the metrics of a search; 0 where it failed, None where there is nothing to find."""
    if not sample.gold:
        return dict.fromkeys(METRICS)
    if outcome.error:
        return dict.fromkeys(METRICS, 0.0)
    tokens = [int(count) for count in outcome.extra.get("tokens", ())]
    parts = [cut_to(outcome.passages, tokens, budget) for budget in BUDGETS]
    if all(map(is_whole, sample.gold)):
        return _score_documents(sample.gold, outcome.passages, parts)
    return _score_places(sample.gold, outcome.passages, parts)


def cut_to(passages: Sequence[Passage], tokens: Sequence[int], budget: int) -> tuple[Passage, ...]:
    """Return the first passages that fit a budget of tokens, the last one cut to what fits."""
    fits = within_budget(tokens, budget)
    whole, part = int(fits), fits % 1
    kept = list(passages[:whole])
    if part and whole < len(passages):
        last = passages[whole]
        size = int((last.end - last.start) * part)
        # Its text is cut as well, or a quote behind the cut would count.
        kept.append(replace(last, end=last.start + size, text=last.text[:size]))
    return tuple(kept)


def _score_places(
    gold: Sequence[GoldPlace], passages: Sequence[Passage], parts: Sequence[Sequence[Passage]]
) -> Scores:
    ranks = list(part_ranks(passages, gold).values())
    everything = rank_of_all(ranks)
    ranking = ranking_of_parts(ranks)
    grades = {str(part): 1 for part in range(len(ranks))}
    first = min((rank for rank in ranks if rank is not None), default=None)
    return {
        **{f"hit@{k}": float(everything is not None and everything <= k) for k in DEPTHS},
        **{
            f"recall@{k}": sum(rank is not None and rank <= k for rank in ranks) / len(ranks)
            for k in DEPTHS
        },
        "mrr@10": 1 / first if first is not None and first <= DEPTHS[-1] else 0.0,
        "ndcg@10": ndcg_at(ranking, grades, depth=10),
        "map": average_precision(ranking, grades),
        **{
            f"recall_in_{budget}": _share_held(kept, gold)
            for budget, kept in zip(BUDGETS, parts, strict=True)
        },
    }


def _share_held(passages: Sequence[Passage], gold: Sequence[GoldPlace]) -> float:
    ranks = part_ranks(passages, gold).values()
    return sum(rank is not None for rank in ranks) / len(ranks)


def _score_documents(
    gold: Sequence[GoldPlace], passages: Sequence[Passage], parts: Sequence[Sequence[Passage]]
) -> Scores:
    grades = {place.document: place.grade for place in gold}
    ranking = _documents(passages)
    return {
        **{f"hit@{k}": hit_at(ranking, grades, depth=k) for k in DEPTHS},
        **{f"recall@{k}": recall_at(ranking, grades, depth=k) for k in DEPTHS},
        "mrr@10": reciprocal_rank(ranking, grades, depth=10),
        "ndcg@10": ndcg_at(ranking, grades, depth=10),
        "map": average_precision(ranking, grades),
        **{
            f"recall_in_{budget}": recall_at(_documents(kept), grades, depth=len(kept))
            for budget, kept in zip(BUDGETS, parts, strict=True)
        },
    }


def _documents(passages: Sequence[Passage]) -> list[str]:
    """Return each document once, where its best passage stands."""
    return list(dict.fromkeys(passage.document for passage in passages))

"""The JSON forms that scripts read. They are versioned: fields are added, never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from ragkit.records import (
    Answer,
    AnswerSentence,
    Completion,
    DocumentFilter,
    Hit,
    ModelInfo,
    Prompt,
    Sampling,
    Source,
)

FORMAT_VERSION = 1


def search_form(
    query: str, hits: Sequence[Hit], timings_s: Mapping[str, float], *, within: DocumentFilter
) -> dict[str, Any]:
    """Return what `ragkit search --json` prints."""
    return {
        "format_version": FORMAT_VERSION,
        "query": query,
        "filter": filter_form(within),
        "hits": [_hit_form(hit) for hit in hits],
        "timings_s": _rounded(timings_s),
    }


def answer_form(answer: Answer) -> dict[str, Any]:
    """Return what `ragkit ask --json` prints."""
    usage = answer.completion
    return {
        "format_version": FORMAT_VERSION,
        "question": answer.question,
        "filter": filter_form(answer.within),
        "answer": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "mode": answer.mode,
        "scope": answer.scope,
        "notice": answer.notice,
        "sentences": [_sentence_form(sentence) for sentence in answer.sentences],
        "sources": [_source_form(source) for source in answer.sources],
        "reasoning": answer.reasoning,
        "corrected_citations": answer.corrected_citations,
        "removed_citations": answer.removed_citations,
        "dropped_sentences": answer.dropped_sentences,
        "completion": usage.text if usage else None,
        "token_logprobs": [round(x, 4) for x in usage.token_logprobs] if usage else None,
        "sufficiency": {
            "score": round(answer.sufficiency.score, 4),
            "threshold": answer.sufficiency.threshold,
            "features": _rounded(answer.sufficiency.features),
            "contributions": _rounded(answer.sufficiency.contributions),
        },
        "prompt": _prompt_form(answer.prompt),
        "model": _model_form(answer.model),
        "encoder": {"name": answer.encoder_name, "fingerprint": answer.encoder_fingerprint},
        "reader": _reader_form(answer),
        "sampling": _sampling_form(answer.sampling),
        "usage": _usage_form(usage),
        "timings_s": _rounded(answer.timings_s),
    }


def _sentence_form(sentence: AnswerSentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "support": sentence.support,
        "score": round(sentence.score, 4),
        "quote": sentence.quote,
        "features": _rounded(sentence.features),
        "label": sentence.label,
        "answer_span": sentence.answer_span,
    }


def _reader_form(answer: Answer) -> dict[str, Any] | None:
    found = {"name": answer.reader_name, "sha256": answer.reader_sha256}
    return found if answer.reader_name else None


def filter_form(within: DocumentFilter | None) -> dict[str, Any] | None:
    """Return to which documents a search was narrowed; None where it was not."""
    if not within:
        return None
    return {
        "documents": list(within.documents),
        "under": list(within.under),
        "formats": list(within.formats),
        "where": [f"{key}={value}" for key, value in within.where],
    }


def _hit_form(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        **_place_form(hit),
        "ranks": {"dense": hit.ranks.dense, "lexical": hit.ranks.lexical},
    }


def _place_form(hit: Hit) -> dict[str, Any]:
    chunk = hit.chunk
    return {
        "document": chunk.document,
        "title": chunk.title,
        "page": chunk.page,
        "page_label": chunk.page_label,
        "heading": " > ".join(chunk.heading),
        "text": chunk.text,
        "start": chunk.start,
        "end": chunk.end,
        "chunk_id": chunk.id,
    }


def _source_form(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        **_place_form(source.hit),
        "score": round(source.hit.score, 4),
        "evidence": [
            {
                "text": evidence.sentence.text,
                "start": evidence.sentence.start,
                "end": evidence.sentence.end,
                "score": round(evidence.score, 4),
                "features": _rounded(evidence.features),
                "answer_span": evidence.answer_span,
            }
            for evidence in source.sentences
        ],
    }


def _prompt_form(prompt: Prompt | None) -> dict[str, Any] | None:
    if prompt is None:
        return None
    return {
        "strategy": prompt.strategy,
        "version": prompt.version,
        "tokens": prompt.tokens,
        "context_window": prompt.context_window,
        "dropped_sources": prompt.dropped_sources,
        "left_out": left_out_form(prompt),
        "examples": list(prompt.examples),
    }


def left_out_form(prompt: Prompt) -> list[dict[str, Any]]:
    """Return what of the sources did not fit into a prompt."""
    return [
        {
            "id": part.source.id,
            "document": part.source.hit.chunk.document,
            "page_label": part.source.hit.chunk.page_label,
            "sentences": part.sentences,
            "reason": part.reason,
        }
        for part in prompt.left_out
    ]


def _model_form(model: ModelInfo | None) -> dict[str, Any] | None:
    if model is None:
        return None
    applied = {"name": model.adapter_name, "sha256": model.adapter_sha256}
    adapter = applied if model.adapter else None
    return {"name": model.name, "sha256": model.sha256, "adapter": adapter}


def _sampling_form(sampling: Sampling) -> dict[str, Any]:
    return {
        "max_new_tokens": sampling.max_new_tokens,
        "temperature": sampling.temperature,
        "top_k": sampling.top_k,
        "top_p": sampling.top_p,
        "seed": sampling.seed,
    }


def _usage_form(completion: Completion | None) -> dict[str, int]:
    if completion is None:
        return {"prompt_tokens": 0, "completion_tokens": 0}
    return {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}

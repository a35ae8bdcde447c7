"""A sample to the case that is put: the passages that its kind asks for, then the variant's change.

No model is asked.
"""

from ragkit.evaluation.bench.bench import Bench, within_of
from ragkit.evaluation.bench.passages import gold_hits, noisy_hits
from ragkit.evaluation.records import Case, Sample, Task
from ragkit.records import Hit


def prepare_case(task: Task, bench: Bench) -> Case:
    """Return what is put to the system for a task.

    Passages are fixed for the call "oracle" (the gold alone) and for samples with distractors (the
    gold among them); else they are found for the question, however the variant words it, unless the
    variant fixes them.

    Raises:
        RagkitError: The variant does not apply to the sample, or the sample has no gold.
    """
    sample = task.sample
    case = Case(
        sample=sample,
        question=sample.question,
        strategy=bench.strategy,
        hits=_fixed_hits(task, bench),
        pool=_pool(sample, bench),
        top_n=bench.options.top_n,
    )
    return task.variant.change(case)


def _fixed_hits(task: Task, bench: Bench) -> tuple[Hit, ...] | None:
    sample = task.sample
    if task.call == "oracle":
        return gold_hits(sample, bench)
    if sample.distractors is not None and not sample.within:
        return noisy_hits(sample, bench)
    return None


def _pool(sample: Sample, bench: Bench) -> tuple[Hit, ...]:
    return bench.search(sample.question, within=within_of(sample))

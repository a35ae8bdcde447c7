"""The call "samples": several answers to one question, drawn at a temperature, and their meanings.

A confidence signal, not an answer: nothing of it is shown or checked. The passages and the prompt
are those of the call "ask".
"""

from dataclasses import replace

from ragkit.ask import Given, has_said_enough
from ragkit.evaluation.bench.bench import Bench
from ragkit.evaluation.bench.outcomes import (
    begin_outcome,
    passages_of_sources,
    read_completion,
    with_prompt,
)
from ragkit.evaluation.bench.preparing import prepare_case
from ragkit.evaluation.meanings import cluster_meanings
from ragkit.evaluation.records import Outcome, Task
from ragkit.llms import generate_several

SAMPLES = 5
TEMPERATURE = 0.7
"""Source: shared with the suites' definition of semantic entropy; Farquhar et al. 2024 draw 10 at
1.0 from models that need less room to say the same in other words."""


def draw_samples(task: Task, bench: Bench) -> Outcome:
    """Return several answers to the case of a task, with the same seeds each time.

    `extra` holds "texts", the answers as a reader takes them, and "clusters", for each the number
    of its meaning (see `cluster_meanings`).

    Raises:
        RagkitError: The model cannot be asked.
    """
    case = prepare_case(task, bench)
    assistant = bench.assistant(chat_template=case.chat_template)
    options = replace(bench.options_for(case.sample), strategy=case.strategy)
    given = None if case.hits is None else Given(case.hits, in_order=case.in_order)
    evidence = assistant.gather(case.question, options, given=given)
    outcome = begin_outcome(task, question=case.question, strategy=case.strategy.name)
    prompt = assistant.build_prompt(case.question, evidence.sources, options)
    llm = bench.llm_for(chat_template=case.chat_template)
    length = options.sampling.max_new_tokens + case.strategy.reasoning_tokens
    base = replace(options.sampling, temperature=TEMPERATURE, max_new_tokens=length)
    with llm.step_aside():
        said = generate_several(
            llm.model,
            prompt.messages,
            samplings=[replace(base, seed=seed) for seed in range(SAMPLES)],
            is_enough=lambda text: has_said_enough(text, prompt.answer_marker),
        )
    texts = [read_completion(one, answer_marker=prompt.answer_marker).text for one in said]
    outcome = with_prompt(outcome, prompt.messages, llm, tokens=prompt.tokens)
    return replace(
        outcome,
        passages=passages_of_sources(prompt.sources),
        sufficiency=evidence.sufficiency.score,
        extra={
            "texts": texts,
            "clusters": list(cluster_meanings(case.question, texts, bench.encoder)),
        },
    )

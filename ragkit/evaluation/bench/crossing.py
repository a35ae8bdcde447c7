"""The call "cross": how likely the answer to one way of putting a sample is, given another way."""

from dataclasses import replace

from ragkit.errors import ModelError
from ragkit.evaluation.bench.asking import ask_assistant
from ragkit.evaluation.bench.bench import Bench
from ragkit.evaluation.bench.outcomes import begin_outcome
from ragkit.evaluation.bench.preparing import prepare_case
from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Outcome, Task


def cross(task: Task, bench: Bench) -> Outcome:
    """Return the log-probability of each answer given each prompt of the variant's group.

    `extra` holds "variants", their ids; "texts", what the model said to each; "tokens", of each
    text; and "log_probs", a row for each prompt, a column for each text. Variants to which nothing
    was said are left out.

    Raises:
        RagkitError: There is no answer.
    """
    prompts, texts, names = [], [], []
    for variant in task.variant.group:
        case = prepare_case(replace(task, variant=variant, call="ask"), bench)
        answer = ask_assistant(case, bench)
        if answer.prompt and answer.completion and answer.completion.text.strip():
            llm = bench.llm_for(chat_template=case.chat_template)
            prompts.append((llm, answer.prompt.messages))
            texts.append(answer.completion.text)
            names.append(variant.id)
    try:
        rows = [llm.score_continuations(messages, texts) for llm, messages in prompts]
    except ModelError as error:
        raise InapplicableError(error.message, hint=error.hint) from error
    tokens = [len(column) for column in rows[0]] if rows else []
    return replace(
        begin_outcome(task, question=task.sample.question, strategy=bench.strategy.name),
        extra={
            "variants": names,
            "texts": texts,
            "tokens": tokens,
            "log_probs": [[sum(column) for column in row] for row in rows],
        },
    )

"""The calls "ask" and "oracle": a checked answer as `ragkit ask` gives it, and what the model said.

One question gives both views; the passages may be fixed by the sample or the variant.
"""

from dataclasses import replace

from ragkit.ask import Given
from ragkit.evaluation.bench.bench import Bench
from ragkit.evaluation.bench.outcomes import (
    begin_outcome,
    passages_of_sources,
    with_completion,
    with_prompt,
)
from ragkit.evaluation.bench.preparing import prepare_case
from ragkit.evaluation.records import Case, Outcome, Reading, ReadSentence, Task
from ragkit.records import Answer


def ask(task: Task, bench: Bench) -> Outcome:
    """Return what is answered to the case of a task.

    `extra` holds "scope" where the answer was put together from a whole rather than from passages.

    Raises:
        RagkitError: There is no answer.
    """
    return answer_case(task, prepare_case(task, bench), bench)


def answer_case(task: Task, case: Case, bench: Bench) -> Outcome:
    """Return what is answered to a case."""
    answer = ask_assistant(case, bench)
    prompt = answer.prompt
    outcome = replace(
        begin_outcome(task, question=case.question, strategy=case.strategy.name),
        passages=passages_of_sources(prompt.sources if prompt else answer.sources),
        readings={"shown": read_answer(answer)},
        sufficiency=answer.sufficiency.score,
        extra={} if answer.scope == "passages" else {"scope": answer.scope},
    )
    if prompt is None or answer.completion is None:
        return outcome
    llm = bench.llm_for(chat_template=case.chat_template)
    tokens = answer.completion.prompt_tokens
    outcome = with_prompt(outcome, prompt.messages, llm, tokens=tokens)
    return with_completion(outcome, answer.completion, answer_marker=prompt.answer_marker)


def ask_assistant(case: Case, bench: Bench) -> Answer:
    """Return the answer to a case, with its prompt and completion."""
    given = None if case.hits is None else Given(case.hits, in_order=case.in_order)
    options = replace(bench.options_for(case.sample), strategy=case.strategy)
    assistant = bench.assistant(chat_template=case.chat_template)
    return assistant.ask(case.question, options, given=given)


def read_answer(answer: Answer) -> Reading:
    """Return a checked answer as it is shown."""
    return Reading(
        text=answer.text,
        abstained=answer.abstained,
        sentences=tuple(
            ReadSentence(sentence.text, sentence.citations, sentence.support, sentence.score)
            for sentence in answer.sentences
        ),
        mode=answer.mode,
        reason=answer.reason,
    )

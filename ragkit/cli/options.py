"""The options that all verbs share, and those that say how to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from ragkit.words import is_whole_text

Function = TypeVar("Function", bound=Callable[..., Any])


def stack(*decorators: Callable[[Any], Any]) -> Callable[[Function], Function]:
    """Return one decorator for several, written in the order in which --help shows them."""

    def decorate(function: Function) -> Function:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def check_text(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    """Refuse an argument that is not valid UTF-8: no document holds such a text."""
    texts = value if isinstance(value, tuple) else (value,)
    if not all(is_whole_text(text) for text in texts if isinstance(text, str)):
        raise click.BadParameter("it is not valid UTF-8")
    return value


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every verb takes, but for --index and --offline, which are settings."""

    project: Path
    as_json: bool
    quiet: bool
    debug: bool


_COMMON = stack(
    click.option(
        "--project",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="Folder with corpus/ and indexes/; here by default.",
    ),
    click.option("--index", metavar="NAME", help="Which index; `default` by default."),
    click.option("--json", "as_json", is_flag=True, help="Print the form for machines on stdout."),
    click.option("--quiet", "-q", is_flag=True, help="No progress and no remarks on stderr."),
    click.option("--debug", is_flag=True, help="Tracebacks, and what the libraries log."),
    click.option(
        "--offline", is_flag=True, default=None, help="Make any use of the network an error."
    ),
)


def common_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add --project, --index, --json and so on; the verb gets what is no setting as `common`."""

    @wraps(function)
    def with_common(
        *args: Any, project: Path, as_json: bool, quiet: bool, debug: bool, **rest: Any
    ) -> int:
        common = Common(project, as_json, quiet, debug)
        return function(*args, common=common, **rest)

    return _COMMON(with_common)


encoder_options = stack(
    click.option("--encoder", metavar="NAME", help="Encoder by name or folder; see models list."),
    click.option(
        "--encoder-runtime", metavar="NAME", help="auto, onnx (quick) or sentence-transformers."
    ),
    click.option("--encoder-precision", metavar="NAME", help="auto, fp32 or int8 (quicker)."),
)
"""--encoder, --encoder-runtime and --encoder-precision."""

top_n_option = click.option(
    "--top-n", type=int, metavar="N", help="Passages to retrieve; 5 by default."
)

answer_options = stack(
    click.option("--strategy", metavar="NAME", help="How to ask the model; see prompt list."),
    click.option("--examples", metavar="NAME", help="Worked examples: fixed, or nearest."),
    top_n_option,
    click.option(
        "--model",
        metavar="NAME",
        help="Model by name, .gguf file, address of a server, or scripted:RULE.",
    ),
    click.option("--lora", metavar="PATH", help="LoRA adapter: a .gguf file, auto, or none."),
    click.option("--reader", metavar="NAME", help="Looks for the answer in passages: auto, none."),
    click.option("--min-sufficiency", type=float, metavar="X", help="Abstain below this, 0 to 1."),
    click.option("--summaries", metavar="NAME", help="auto, quoted, or worded by the model."),
    click.option(
        "--strict",
        is_flag=True,
        default=None,
        help="Show none of a model's words where it said anything that is not backed.",
    ),
    click.option("--max-new-tokens", type=int, metavar="N", help="Longest completion."),
    click.option("--temperature", type=float, metavar="X", help="0 is greedy and repeatable."),
    click.option("--top-k", type=int, metavar="N", help="Sample among the N likeliest tokens."),
    click.option("--top-p", type=float, metavar="X", help="Sample among this much probability."),
    click.option("--seed", type=int, metavar="N", help="Seed of the sampling."),
    click.option("--context-window", type=int, metavar="N", help="Tokens of prompt and answer."),
)
"""Strategy, retrieval, model and sampling."""

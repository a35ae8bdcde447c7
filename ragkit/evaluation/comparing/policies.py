"""What is asked of a run: a policy, read from a TOML file whose mistakes are named by line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ragkit.errors import UsageError, unknown_name
from ragkit.evaluation.comparing.counts import COUNTS
from ragkit.evaluation.records import VIEWS, View
from ragkit.files import translate_disk_errors

FORMAT_VERSION = 1
BUILT_IN = "built-in"
_TEXTS = ("metric", "count", "view", "measure")
_NUMBERS = ("margin", "at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Rule:
    """What one number has to keep to."""

    metric: str = ""
    """A name in the summary of a run; empty where the rule is about a count."""
    count: str = ""
    """A name in COUNTS."""
    view: View | None = None
    """Of a metric that stands in both."""
    measure: str = ""
    """Only runs of it are held to the rule; empty for all."""
    margin: float | None = None
    """How much worse than the baseline run a metric may be."""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def name(self) -> str:
        """What the rule is about: "wrong_and_asserted (shown)"."""
        return f"{self.metric or self.count}{f' ({self.view})' if self.view else ''}"


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules, and where they stand."""

    name: str
    rules: tuple[Rule, ...]


def built_in_policy_text() -> str:
    """Return the policy that holds where no other is given, as its file has it."""
    return (files("ragkit.evaluation.comparing") / "policy.toml").read_text(encoding="utf-8")


def load_policy(path: Path | None) -> Policy:
    """Return the policy of a file, or the built-in one.

    Raises:
        UsageError: It is not a policy; the line says where and why.
        StorageError: The file cannot be read.
    """
    if path is None:
        return parse_policy(built_in_policy_text(), name=BUILT_IN)
    if not path.is_file():
        raise UsageError(
            f"there is no policy {path}",
            hint=f"begin with the built-in one: ragkit eval gate --show-policy > {path}",
        )
    with translate_disk_errors(path):
        text = path.read_text(encoding="utf-8", errors="replace")
    return parse_policy(text, name=str(path))


def parse_policy(text: str, *, name: str) -> Policy:
    r"""Return the policy that a text says.

    >>> policy = parse_policy('[[rule]]\ncount = "errors"\nat_most = 0', name="policy.toml")
    >>> policy.rules[0].name, policy.rules[0].at_most
    ('errors', 0.0)

    Raises:
        UsageError: It is not one.
    """
    try:
        form = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is not TOML: {error}") from error
    version = form.pop("format_version", FORMAT_VERSION)
    if version != FORMAT_VERSION:
        raise UsageError(f"{name} has format {version!r}; this ragkit reads {FORMAT_VERSION}")
    rules = form.pop("rule", [])
    if form:
        raise unknown_name(f"key of {name}", next(iter(form)), ["format_version", "rule"])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise UsageError(f"{name}: rules are written as [[rule]]")
    if not rules:
        raise UsageError(f"{name} holds no [[rule]], so that every run would pass")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _is_rule(line)]
    places = [f"{name}:{line}" for line in lines]
    places += [name] * (len(rules) - len(places))
    return Policy(name, tuple(map(_read_rule, rules, places)))


def _is_rule(line: str) -> bool:
    return bool(re.match(r"\s*\[\[\s*rule\s*\]\]", line))


def _read_rule(form: Mapping[str, Any], place: str) -> Rule:
    for key, value in form.items():
        if key not in (*_TEXTS, *_NUMBERS):
            raise unknown_name(f"key of the rule at {place}:", key, (*_TEXTS, *_NUMBERS))
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (isinstance(value, str) if key in _TEXTS else number):
            wanted = "a text" if key in _TEXTS else "a number"
            raise UsageError(f"{place}: {key} is {wanted}, not {value!r}")
    limits = {key: float(form[key]) for key in _NUMBERS if key in form}
    problem = _problem_of(form, limits)
    if problem:
        raise UsageError(f"{place}: {problem}", hint="an example: ragkit eval gate --show-policy")
    if form.get("count") and form["count"] not in COUNTS:
        raise unknown_name(f"count at {place}:", form["count"], COUNTS)
    if form.get("view") and form["view"] not in VIEWS:
        raise unknown_name(f"view at {place}:", form["view"], VIEWS)
    return Rule(
        metric=form.get("metric", ""),
        count=form.get("count", ""),
        view=form.get("view") or None,
        measure=form.get("measure", ""),
        margin=limits.get("margin"),
        at_least=limits.get("at_least"),
        at_most=limits.get("at_most"),
    )


def _problem_of(form: Mapping[str, Any], limits: Mapping[str, float]) -> str:
    """Return why a rule cannot be held; empty where it can."""
    if bool(form.get("metric")) == bool(form.get("count")):
        return "a rule is about one metric or one count"
    if not limits:
        return "the rule sets no limit: margin, at_least or at_most"
    if form.get("count") and ("margin" in limits or form.get("view")):
        return "a count has neither a margin nor a view"
    if limits.get("margin", 0) < 0:
        return f"a margin is not below 0: {limits['margin']:g}"
    if "at_least" in limits and limits["at_least"] > limits.get("at_most", limits["at_least"]):
        return "at_least is above at_most"
    return ""

"""The strategy and the worked examples that docs/commands.md shows, as a user would write them."""

import re
from pathlib import Path

COMMANDS = Path(__file__).parents[1] / "docs/commands.md"


def write_own_strategy(project: Path) -> None:
    """Write both into the prompts/ folder of a project."""
    section = COMMANDS.read_text("utf-8").partition("### Write your own strategy")[2]
    strategy, examples = re.findall(r"^```toml\n(.*?)^```", section, re.MULTILINE | re.DOTALL)[:2]
    (project / "prompts" / "examples").mkdir(parents=True)
    (project / "prompts" / "my-own.toml").write_text(strategy, encoding="utf-8")
    (project / "prompts" / "examples" / "beginners.toml").write_text(examples, encoding="utf-8")

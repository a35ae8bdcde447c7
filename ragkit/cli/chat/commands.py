"""What begins with a slash in a chat."""

from collections.abc import Callable
from pathlib import Path

from rich.text import Text

from ragkit.chat import Turn
from ragkit.cli.chat.session import Session
from ragkit.cli.chat.telling import print_history, print_passages, print_reasons
from ragkit.cli.chat.transcript import save_transcript
from ragkit.cli.render.prompts import print_strategies
from ragkit.errors import RagkitError, UsageError, unknown_name
from ragkit.prompting import load_strategy, read_example_sets, read_strategies


class Commands:
    """The commands of a chat.

    Args:
        session: What they are about.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.ended = False
        self._commands: dict[str, tuple[Callable[[str], None], str]] = {
            "/help": (self._help, "this list"),
            "/sources": (self._sources, "the passages that the last answer rests on, in full"),
            "/why": (self._why, "how the last answer came about, and how it was checked"),
            "/history": (self._history, "what was asked, and what it was understood as"),
            "/strategy": (self._strategy, "[NAME]: how the model is asked; without a name a list"),
            "/model": (self._model, "[NAME]: which model answers, from now on"),
            "/save": (self._save, "FILE: write the conversation with its sources, as Markdown"),
            "/save!": (self._replace, "FILE: the same, in place of a file that is there"),
            "/clear": (self._clear, "forget what was said"),
            "/quit": (self._quit, "end; Ctrl-D does, too"),
        }

    @property
    def names(self) -> tuple[str, ...]:
        """What can be typed."""
        return tuple(self._commands)

    def run(self, line: str) -> bool:
        """Do what a line says; return False where that was not possible."""
        name, _, argument = line.partition(" ")
        try:
            if name not in self._commands:
                raise unknown_name("command", name, self._commands, hint="/help lists them")
            self._commands[name][0](argument.strip())
        except RagkitError as error:
            self._session.remarks.fail(f"error: {error.message}", error.hint)
            return False
        return True

    def _help(self, _argument: str) -> None:
        console = self._session.console
        width = max(map(len, self._commands))
        for name, (_, meaning) in self._commands.items():
            console.print(Text.assemble((f"{name:<{width}}", "mark"), f"  {meaning}"))
        console.print("Anything else is a question. Ctrl-C stops an answer.", style="faint")

    def _sources(self, _argument: str) -> None:
        print_passages(self._session.console, self._last().answer)

    def _why(self, _argument: str) -> None:
        print_reasons(self._session.console, self._last())

    def _history(self, _argument: str) -> None:
        print_history(self._session.console, self._session.conversation.turns)

    def _strategy(self, name: str) -> None:
        course, folder = self._session.course, self._session.course.workspace.prompts_dir
        if name:
            load_strategy(name, prompts_dir=folder)
            course.use(strategy=name)
            self._session.remarks.note(f"asking {name} from now on")
            return
        files, sets = read_strategies(folder), read_example_sets(folder)
        print_strategies(self._session.console, files, sets, chosen=course.settings.strategy)

    def _model(self, name: str) -> None:
        course = self._session.course
        if name:
            course.use(model=name)
            self._session.remarks.note(f"{name} answers from now on")
        else:
            self._session.console.print(Text(course.settings.model))

    def _save(self, name: str, *, replace: bool = False) -> None:
        if not name:
            raise UsageError("/save needs a file", hint="/save chat.md")
        turns = self._session.conversation.turns
        if not turns:
            raise UsageError("nothing was said yet", hint="ask something first")
        path = Path(name).expanduser()
        save_transcript(turns, path, replace=replace)
        self._session.remarks.note(f"saved to {path}")

    def _replace(self, name: str) -> None:
        self._save(name, replace=True)

    def _clear(self, _argument: str) -> None:
        self._session.conversation.clear()
        self._session.remarks.note("forgotten; the next question stands alone")

    def _quit(self, _argument: str) -> None:
        self.ended = True

    def _last(self) -> Turn:
        last = self._session.last
        if last is None:
            raise UsageError("nothing was answered yet", hint="ask something first")
        return last

"""Questions of a chat to answers on the screen, or to a JSON object a line."""

from contextlib import ExitStack, closing

from rich.text import Text

from ragkit.chat import Conversation, Turn, Understood
from ragkit.cli.chat.reading import is_typed, without_echo
from ragkit.cli.render.answers import print_answer
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.stream import CompletionDisplay
from ragkit.cli.render.text import one_line
from ragkit.errors import RagkitError
from ragkit.forms import answer_form
from ragkit.project import CompletionPiece, Project
from ragkit.records import Answer, AnswerSentence


class Session:
    """One chat.

    Args:
        course: What is asked.
        conversation: Remembers what was said.
        remarks: Where to tell what is no answer.
        as_json: Print a form for machines a question.
        raw: Show also what the model said.
    """

    def __init__(
        self,
        course: Project,
        conversation: Conversation,
        *,
        remarks: Remarks,
        as_json: bool,
        raw: bool,
    ) -> None:
        self.course = course
        self.conversation = conversation
        self.remarks = remarks
        self._as_json = as_json
        self._raw = raw
        self._typed = is_typed()
        # Beside forms for machines, what commands tell is a remark.
        self.console = remarks.console if as_json else answer_console()
        self._state = course.state

    @property
    def last(self) -> Turn | None:
        """The turn that was answered last."""
        return self.conversation.turns[-1] if self.conversation.turns else None

    def greet(self) -> None:
        """Tell what is asked, and how to go on."""
        count = len(self.course.documents())
        documents = "1 document" if count == 1 else f"{count} documents"
        self.remarks.note(f"{documents} · {self.course.settings.model} · /help, Ctrl-D to end")

    def echo(self, line: str) -> None:
        """Print a line that nobody sees typed."""
        if not (self._typed or self._as_json):
            self.console.print(Text(f"> {one_line(line)}", style="place"))

    def answer(self, question: str) -> bool:
        """Print the answer to a question; return False where it could not be asked."""
        try:
            answer = self._ask(question)
        except RagkitError as error:
            self._tell_error(question, error)
            return False
        self._tell_change()
        if self._as_json:
            print_form({**answer_form(answer), "asked": question})
        else:
            print_answer(self.console, answer, raw=self._raw)
            self.console.print()
        return True

    def _ask(self, question: str) -> Answer:
        """Return the answer; what the model says is shown faintly until it is checked."""
        display = CompletionDisplay(self.remarks)
        with ExitStack() as stack:
            stack.enter_context(without_echo())
            for event in stack.enter_context(closing(self.conversation.stream(question))):
                match event:
                    case Understood(meant):
                        self._tell_meaning(question, meant)
                        stack.enter_context(display)
                        display.add("")  # that it is at work
                    case CompletionPiece(text):
                        display.add(text)
                    case AnswerSentence():
                        display.judge(event)
                    case Answer():
                        return event
        raise RuntimeError("a stream ended without an answer")

    def _tell_meaning(self, question: str, meant: str) -> None:
        if meant != question and not self._as_json:
            self.console.print(Text(f"asked: {one_line(meant)}", style="faint"))

    def _tell_error(self, question: str, error: RagkitError) -> None:
        if self._as_json:
            print_form({"asked": question, "error": error.message, "hint": error.hint})
        self.remarks.fail(f"error: {error.message}", error.hint)

    def _tell_change(self) -> None:
        before, self._state = self._state, self.course.state
        if before != self._state:
            self.remarks.note("the documents have changed; this is from what they say now")

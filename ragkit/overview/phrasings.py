"""The phrasings by which a question asks for a whole, as patterns of all of it.

They are lower case, on one line, without courtesies and marks around them.
"""

import re

NOUNS = {
    "lecture": r"lectures?|lessons?|lecture (?:titles|topics)",
    "week": r"weeks?",
    "topic": r"topics?",
    "document": r"documents?|files?|docs|course materials?",
    "slides": r"slides|slide decks?|decks?",
    "notebook": r"notebooks?",
    "assignment": r"assignments?|homeworks?|homework assignments?|problem sets?|psets?",
    "exercise": r"exercises?|exercise sheets?|worksheets?",
    "lab": r"labs?|lab sheets?|lab sessions?|practicals?",
    "tutorial": r"tutorials?",
    "exam": r"exams?|examinations?",
    "quiz": r"quiz|quizzes",
    "transcript": r"transcripts?",
}
_NOUN = "|".join(f"(?P<{noun}>{words})" for noun, words in NOUNS.items())
_WHOLE = (
    r"(?:the |this |my |our |your )?(?:whole |entire |full )?"
    r"(?:course|class|module|corpus|collection|folder|semester|term|documents|files"
    r"|course materials?)"
)
_COURSE = (
    r"(?:the |this |my |our |your |these |all )?(?:whole |entire |full )?(?:of the )?"
    r"(?:course|lecture series|corpus|semester|term|documents|lectures)"
)
_PLACE = rf"(?: (?:in|of|from|for|within|throughout|during|covered in) {_WHOLE})?"
_ALL = r"(?:all )?(?:of )?(?:the |my |our |your |these )?(?:available |different |various |main )?"
_MINE = rf"(?:there are|there is|i have|we have|you have|you know|are there|{_WHOLE} (?:has|have))"
_HAVE = rf"(?:(?:do|did|can) (?:i|we|you) (?:have|know|see)|(?:does|do) {_WHOLE} (?:have|contain))"
_ARE = rf"(?:(?:are|is) (?:there|available|included|indexed|covered|in {_WHOLE}))"
_VERB = r"(?:list|name|enumerate|show|give)(?: me)?(?: a list of)?"

LISTS = (
    rf"{_VERB} {_ALL}(?:{_NOUN})(?: {_MINE}| available)?{_PLACE}",
    rf"(?:a |the )?(?:full |complete )?list of {_ALL}(?:{_NOUN}){_PLACE}",
    rf"(?:which|what) (?:{_NOUN}) (?:{_ARE}|{_HAVE}){_PLACE}",
    rf"what (?:are|were) {_ALL}(?:{_NOUN})(?: {_MINE})?{_PLACE}",
    rf"how many (?:{_NOUN}) (?:{_ARE}|{_HAVE}){_PLACE}(?: in total| altogether)?",
    rf"(?P<total>(?:total )?(?:number|count) of ){_ALL}(?:{_NOUN}){_PLACE}",
)
_TREATS = "(?:cover|treat|deal with|include|contain|discuss|teach|address|consist of)"
_TREATED = "(?:covered|treated|discussed|taught|included|addressed|presented|explained)"
_LEARN = "(?:cover|learn|learn about|treat|discuss|study|do|have)"
_TOPIC = "(?:topics|subjects|themes|concepts)"
_WHICH = "(?:which|what)"
_SHORT = "(?:an? |the )?(?:short |brief |quick |concise |general |rough )*"
_TABLE = "(?:outline|structure|table of contents|contents|toc|sections|headings|chapters)"

TOPICS = (
    rf"{_WHICH} {_TOPIC} (?:does|do|did) {_COURSE} {_TREATS}",
    rf"{_WHICH} {_TOPIC} (?:are|is|were|get) {_TREATED}{_PLACE}",
    rf"{_WHICH} {_TOPIC} (?:do|will|did) (?:we|you|i) {_LEARN}{_PLACE}",
    rf"what (?:does|do) {_COURSE} {_TREATS}",
    r"what does (?:the|this|our) (?:class|module) (?:cover|teach)",
    rf"{_SHORT}(?:{_TABLE}|topics|overview|summary) of {_COURSE}",
    rf"(?:summari[sz]e|outline|recap) {_COURSE}",
    rf"{_SHORT}(?:course|corpus) (?:overview|outline|contents?)",
)

_FOLDER = "(?:corpus|collection|folder|documents|files)"
INVENTORY = (
    rf"what (?:is|do you have) in (?:the |this |my |our |your |these ){_FOLDER}",
    "what (?:documents|files) do (?:you|i) have",
)

_POINTS = "(?:(?:main|key) (?:points|ideas|message|messages|takeaways)|takeaways|gist)"
_ABSTRACT = "(?:summary|overview|recap|synopsis|abstract|gist)"
_PARTS = "(?:sections|headings|chapters|parts)"
OF_WHOLE = {
    "summary": (
        r"(?:summari[sz]e|sum up|recap|tl;?dr(?: of| for)?) (?P<ref>.+)",
        rf"(?:(?:what (?:is|are)|give) )?(?:the )?{_POINTS} (?:of|from|in) (?P<ref>.+)",
        rf"{_SHORT}{_ABSTRACT} (?:of|for|on) (?P<ref>.+)",
    ),
    "outline": (
        "outline (?!of |for )(?P<ref>.+)",
        rf"{_SHORT}{_TABLE} (?:of|for|in) (?P<ref>.+)",
        rf"{_WHICH} (?:are the )?{_PARTS} (?:of|in|are in|are there in) (?P<ref>.+)",
    ),
    "pages": (
        "how many (?:pages|slides|cells) are (?:there )?in (?P<ref>.+)",
        "how many (?:pages|slides|cells) (?:does|do) (?P<ref>.+) (?:have|contain)",
        "how many (?:pages|slides|cells) (?:has|have) (?P<ref>.+)",
    ),
}
"""By what is wished for; `ref` is what the document is called."""

_SAYS = "(?:cover|treat|deal with|talk about|discuss|contain|teach|say|include|explain|consist of)"
_GO = "(?:explain|describe|go over|go through|walk me through|review)"
ABOUT = (
    "what(?: is|'s|’s| was| are| were) (?P<ref>.+?) (?:all )?about",
    rf"what (?:does|do|did|will) (?P<ref>.+?) {_SAYS}",
    rf"what(?: is|'s|’s| was| are| were) {_TREATED} in (?P<ref>.+)",
    rf"{_WHICH} (?:sections|{_TOPIC}) (?:are|is|were|get) (?:{_TREATED}|there) in (?P<ref>.+)",
    rf"{_WHICH} (?:sections|{_TOPIC}) (?:does|do|did) (?P<ref>.+?) (?:have|{_SAYS})",
    rf"what (?:are|were) the (?:main |key )?(?:contents|{_TOPIC}) (?:of|in) (?P<ref>.+)",
    rf"what (?:do|did|will) (?:we|i|you) {_LEARN} in (?P<ref>.+)",
    "what happens in (?P<ref>.+)",
    rf"{_GO} (?P<ref>.+)",
)
"""These may be ordinary questions, too: it depends on whether `ref` is a document."""

_WHICH_ONE = "(?:first|last|next|final|mid-?term|written|oral|second|third|fourth|re)"
_EXAM = (
    "(?:exam(?:ination)?s?|mid-?terms?|finals?|final test|tests?|quiz(?:zes)?|re-?(?:sit|take)s?)"
)
_WORK = (
    "(?:assignments?|homeworks?|problem sets?|projects?|reports?|proposals?|presentations?|essays?"
    "|papers?|thesis|labs?|lab sheets?|exercises?|exercise sheets?|submissions?|deadlines?)"
)
_TIME = "(?:lectures?|class(?:es)?|reading week|semester|term|holidays?|breaks?|vacation)"
_PART = (
    r"(?:\d{1,2}|one|two|three|four|five|proposals?|reports?|presentations?|submissions?|deadlines?"
    r"|week|breaks?|resit)"
)
EVENT = rf"(?:{_WHICH_ONE}[ -]?)*(?:{_EXAM}|(?:{_WORK}|{_TIME})(?: {_PART})*)"
WEEKLY = "lectures?|class(?:es)?|labs?|exercises?"
"""Events that have a day of the week rather than a date."""
_NAMED = rf"(?:the |my |our )?(?P<event>{EVENT})"
_SUBMIT = "(?:submit|hand in|turn in)"
_SUBMITTED = "(?:submitted|handed in|turned in)"
_HAPPENS = (
    "(?:due|held|over|happening|scheduled|taking place|take place|start|begin|end|finish"
    rf"|(?:have |has )?to be {_SUBMITTED}|be {_SUBMITTED})"
)
_WHEN = "(?:when|(?:on )?(?:what|which) (?:date|day)|by when|until when|at (?:what|which) time)"
_AUXILIARY = "(?:is|are|was|were|does|do|must|should|will|has|have)"
EVENTS = (
    rf"{_WHEN} {_AUXILIARY} {_NAMED}(?: {_HAPPENS})?",
    rf"{_WHEN} (?:must|should|do|does) (?:i|we|you) (?:{_SUBMIT}|take|sit) {_NAMED}",
    rf"(?:what is |when is )?the (?:date|deadline|due date|time) (?:of|for) {_NAMED}",
    rf"(?:what is |when is )?(?:the )?(?P<event>{EVENT}) (?:date|deadline|due date)",
    rf"deadline (?:of|for) {_NAMED}",
)

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_TERM = "semester|term|course|class|module|corpus|documents|whole course"
_DURING = (
    "(?: (?:in|during|for|of|by|on|this|before|until) (?:the )?"
    rf"(?P<during>week \d{{1,2}}|{_MONTH}|{_TERM}))?"
)
_ASK = rf"(?:{_VERB} |what are |when are |which are )?"
_IMPORTANT = "(?:(?:upcoming|important|key|exam|submission|course) )?"
_DUE_DATES = "(?:deadlines|due dates|hand-?in dates|submission dates)"
_TASKS = "(?:assignments|homeworks?|things|tasks|work)"
DEADLINES = (
    rf"{_ASK}{_ALL}{_IMPORTANT}{_DUE_DATES}{_DURING}",
    (
        rf"(?:what|which {_TASKS})(?: is|'s|’s| are| must be| ha(?:s|ve) to be)"
        rf" (?:due|{_SUBMITTED}){_DURING}"
    ),
    rf"(?:what|which {_TASKS}) (?:do|must|should) (?:i|we) (?:have to )?{_SUBMIT}{_DURING}",
    rf"when (?:is|are) (?:everything|(?:all |the |my )?{_TASKS}) due{_DURING}",
)
_ALL_DATES = "(?:dates(?: and deadlines)?|dates and times|schedule|timetable|calendar)"
DATES = (rf"{_ASK}{_ALL}{_IMPORTANT}{_ALL_DATES}{_DURING}",)

_ASKING = "(?:can|could|would|will) you (?:please )?"
_WANTING = "(?:i (?:want|need|would like|'d like)|i['’]d like)(?: to (?:know|see|have))? "
POLITE = re.compile(
    rf"^(?:(?:please|hey|hi|hello|ok|okay|and|but|so|now|thanks)[,!]? |{_ASKING}|{_WANTING}"
    "|tell me (?!about)|show me |give me |let me know |do you know |please )+"
)
_LENGTH = r"in (?:a few|two|three|five|\d+) (?:words|sentences|points|bullet points|lines)"
TRAILING = re.compile(
    "(?:,? (?:please|for me|thanks|thank you|briefly|in short|shortly|in brief|in detail|again"
    rf"|{_LENGTH}))+$"
)

"""The closed classes of English words by which a question is taken apart."""

from ragkit.words import STOP_WORDS

AUXILIARIES = frozenset(
    """is are was were am be been do does did can could shall should will would may might must has
    have had isn't aren't wasn't weren't don't doesn't didn't can't cannot couldn't won't""".split()
)
BE = frozenset("is are was were am isn't aren't wasn't weren't".split())
ASKING = frozenset("what which who whom whose when where why how".split())
DETERMINERS = frozenset("the a an some any every each all my our your this these those".split())
PREPOSITIONS = frozenset(
    """of in on at by for with without about against between from to during before after since
    until under over per via within as than like into through""".split()
)
CONNECTIVES = frozenset(
    """and or but because if when while whereas although though so that which who unless once
    before after since until whether than where how""".split()
)
"""Where a clause begins in which a pronoun may mean something said before in the same question."""

PERSONS = frozenset("he she him her his hers".split())
THINGS = frozenset("it its they them their theirs".split())
POSSESSIVES = frozenset("its their his her".split())
PRONOUNS = PERSONS | THINGS
DEMONSTRATIVES = frozenset("this that these those".split())

HERE = frozenset(
    """course courses class module seminar lecture tutorial week semester term year month day
    university school department folder corpus document documents chat conversation
    website site page""".split()
)
"""What a "this" before it points at is around the speaker, not in the conversation."""

VERBS = frozenset(
    """allow apply avoid become begin belong build call cause change choose come compare compute
    converge cost cover create depend describe differ do draw encode exist explain fail find fit fix
    follow forget generate get give go handle happen happens happened have help hold implement
    improve include increase invent introduce keep lead learn let look lose make makes matter
    measure minimise minimize need needs occur overfit perform place predict prefer prevent
    produce propose publish reach reduce regularise regularize rely replace represent require return
    run say scale see show solve split start stop suffer take takes teach tell think try turn use
    uses used vary want work works write hand submit pass count contain consist treat list name tell
    explain define save detect recommend buy
    memorise memorize summarise summarize came""".split()
)
"""Verbs that end a noun phrase, and that alone do not say what a question is about."""

PREDICATES = frozenset(
    """due better worse best bigger smaller faster slower different similar important necessary
    possible useful enough wrong cheap cheaper expensive compulsory open closed true
    false good bad easy hard long late early available
    mandatory optional graded called known chosen given shown built made taken written drawn
    found kept held run""".split()
)
"""What is said of a subject after a form of "be", and is no part of its name."""

RELATIONAL = frozenset(
    """advantage advantages disadvantage disadvantages downside downsides drawback drawbacks benefit
    benefits limitation limitations limit limits strength strengths weakness weaknesses pros cons
    difference differences example examples alternative alternatives exception exceptions purpose
    goal goals aim role idea ideas reason reasons formula equation definition meaning intuition
    motivation application applications consequence consequences effect effects property properties
    name author authors inventor origin detail details step steps type types kind kinds variant
    variants part parts cost costs complexity problem problems issue issues use uses case cases
    summary proof derivation assumption assumptions requirement requirements""".split()
)
"""Nouns that say nothing without an "of", spoken or understood."""

GENERIC = frozenset(
    """more again else further exactly really simply simpler simple detail details briefly main
    biggest most important common typical other another same first second third last next previous
    many much long often far soon late later early always never still yet already maybe actually
    please word words sentence sentences way way thing things something anything everything lot bit
    come came up show shown list summarise summarize elaborate continue clarify repeat rephrase
    simplify mean means""".split()
)
"""Words that ask for more of the same, whatever it was."""

TITLES = frozenset("dr prof mr mrs ms professor".split())

OPENERS = frozenset(
    "ok okay yes no well hm hmm oh ah so and but or then also thanks great alright right".split()
)
GREETINGS = frozenset("thanks thank hello hi hey bye goodbye ok okay great cool yes no".split())

FUNCTION_WORDS = STOP_WORDS | AUXILIARIES | ASKING | DETERMINERS | PREPOSITIONS | CONNECTIVES

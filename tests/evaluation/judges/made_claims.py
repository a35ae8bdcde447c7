"""Claims of our own making: a statement as its passage has it, and with its number changed."""

from ragkit.evaluation.judges import LabelledClaim

THINGS = ("bridge", "tower", "canal", "wall", "barge", "kiln", "mast", "weir", "lock", "crane")
PLACES = ("Orsk", "Velm", "Tarn", "Ilse")


def passage(thing: str, place: str, number: int) -> str:
    return (
        f"The {thing} at {place} was finished late. It is {number} metres long. "
        f"Nobody in {place} remembers who built it."
    )


def claims() -> tuple[LabelledClaim, ...]:
    """Eighty claims over forty passages, half of them backed."""
    found = []
    for at, (thing, place) in enumerate((t, p) for t in THINGS for p in PLACES):
        text = passage(thing, place, 20 + at)
        for number, backed in ((20 + at, True), (70 + at, False)):
            said = f"The {thing} at {place} is {number} metres long."
            found.append(LabelledClaim(said, (text,), backed, "made", text))
    return tuple(found)


def rows() -> list[dict[str, object]]:
    """The same in our own form."""
    return [
        {"claim": one.text, "passages": list(one.passages), "supported": one.supported}
        for one in claims()
    ]

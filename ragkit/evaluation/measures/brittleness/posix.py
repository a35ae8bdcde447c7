"""How much less likely an answer becomes when the prompt says the same in other words."""

from collections.abc import Sequence


def posix(log_probs: Sequence[Sequence[float]], tokens: Sequence[int]) -> float | None:
    """Return the prompt sensitivity index of a sample; None of fewer than two prompts.

    1 / (N (N - 1)) times the sum over i and j of |log P(y_j | x_i) - log P(y_j | x_j)| / L_j.

    >>> posix([[-2.0, -9.0], [-4.0, -6.0]], [2, 3])
    1.0

    Args:
        log_probs: A row for each prompt x_i, a column for each answer y_j: ln P(y_j | x_i).
        tokens: Of each answer, the L_j.

    Source: Chatterjee et al. 2024, "POSIX: A Prompt Sensitivity Index For Large Language Models",
    section 3.
    """
    n = len(log_probs)
    if n < 2:
        return None
    total = sum(
        abs(log_probs[i][j] - log_probs[j][j]) / tokens[j]
        for j in range(n)
        for i in range(n)
        if tokens[j]
    )
    return total / (n * (n - 1))

"""How good rankings and answers are, as numbers with their uncertainty."""

"""How things look on a terminal and in a pipe. Nothing else in ragkit knows colours or widths."""

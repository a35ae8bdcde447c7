"""The command line: one small module per verb, and `render`, which alone knows how things look."""

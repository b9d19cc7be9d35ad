"""From sentences to vectors."""

PRECISIONS = ("float32", "bfloat16", "int8")
"""What a model may be told to compute in."""

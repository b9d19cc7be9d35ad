"""From sentences to vectors: encoders, and the cache that keeps their vectors.

Modules for other packages: `protocol` (what an encoder is), `loading` (load one), `encoder` (the usual kind), `cached`
(with the cache), `precomputed` (vectors from elsewhere), `model_store` (the folders of models and of the cache).
"""

__all__ = ["PRECISIONS", "cached", "encoder", "loading", "model_store", "precomputed", "protocol"]

PRECISIONS = ("float32", "bfloat16", "int8")
"""The number formats that a model can compute in."""

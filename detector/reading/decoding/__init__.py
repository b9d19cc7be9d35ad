"""From a file to a stream of UTF-8 bytes: decompression, encodings, lines, limits.

`opening` opens sources, `compression` decompresses, `guessing` guesses encodings of texts, `charset` decodes pages,
`lines` splits texts into lines, `limits` holds the upper bounds, `optional` imports optional packages.
Modules that are not in `__all__` are for `reading` only.
"""

__all__ = ["limits"]

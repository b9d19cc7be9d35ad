"""Languages and scripts: codes, identification, and what the Unicode CLDR knows of each language.

Modules: `codes` (codes and names of languages as BCP 47), `identification` (the language of a text), `script` (the
script of a text), `cldr` (numbers, dates and countries as a language writes them).
"""

__all__ = ["cldr", "codes", "identification", "script"]

"""How well relations (translation, copy, partial reuse, same story, different) are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.evaluation.known_relations import graded_pairs, known_pairs
from detector.evaluation.labelled import read_labelled
from detector.evaluation.relation_metrics import figures_of, predicted_pairs
from detector.profile import load_profile
from detector.reading.given_pairs import read_pairs


def relations(data: Path) -> dict[str, Any]:
    """Figures for pairs made from labelled articles, or for the pairs of a file of graded pairs."""
    given, _ = read_pairs(data)
    known = graded_pairs(given) if given else known_pairs(read_labelled(data))
    return figures_of(known, predicted_pairs(known, load_encoder(device="cpu"), load_profile(EMBEDDED_MODEL)))

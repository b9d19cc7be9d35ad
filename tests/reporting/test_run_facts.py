"""What run.json records, from facts made by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from detector.pairs.relations import Thresholds
from detector.pipeline import ScoredBatch
from detector.reporting.run_facts import ModelFacts, run_facts, versions

BATCH = SimpleNamespace(languages=np.array(["en", "vi", "en"]), groups=("en", "*", "en"))
BACKGROUND = SimpleNamespace(name="courts", digest="5f", total=12)
PROFILE = SimpleNamespace(name="news", background=BACKGROUND)
SCORED = cast(ScoredBatch, SimpleNamespace(batch=BATCH, profile=PROFILE, thresholds=Thresholds(0.7, 0.6)))


def facts(**more: Any) -> dict[str, Any]:
    return run_facts(
        model=ModelFacts(name="tiny", precision="int8", prompt="query: ", packages=("no-such-package",), cached=2),
        scored=SCORED,
        window_days=3.0,
        counts={"articles": 3},
        seconds={"encode": 1.23456},
        peak_memory={"encode": 2_600_000},
        **more,
    )


def test_the_facts_are_those_of_the_model_the_profile_the_options_and_the_stages() -> None:
    run = facts()
    assert run.pop("versions")["no-such-package"] == "not installed"
    assert run == {
        "model": {"name": "tiny", "precision": "int8", "adapter": None},
        "profile": {"name": "news", "languages_without_statistics": {"vi": "all languages"}},
        "background": {"name": "courts", "digest": "5f", "articles": 12},
        "options": {"threshold": 0.7, "storyline_threshold": 0.6, "window_days": 3.0, "prompt": "query: "},
        "counts": {"articles": 3},
        "articles_in_cache": 2,
        "seconds": {"encode": 1.235},
        "peak_memory_mb": {"encode": 3},
    }


def test_the_summary_of_the_input_is_recorded_if_there_is_one() -> None:
    assert facts(reading={"files": 2})["reading"] == {"files": 2}


def test_the_versions_are_those_of_the_installed_packages() -> None:
    assert versions()["numpy"] == np.__version__

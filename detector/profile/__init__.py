"""Everything learned for one encoder: the profile, its background and its adapter, as typed values and as files."""

from detector.profile.profile import (
    CURVES,
    Curves,
    Cuts,
    Profile,
    RelationCuts,
    ScoreModel,
    load_profile,
    profile_folder,
    shipped_adapter,
)

__all__ = [
    "CURVES",
    "Curves",
    "Cuts",
    "Profile",
    "RelationCuts",
    "ScoreModel",
    "load_profile",
    "profile_folder",
    "shipped_adapter",
]

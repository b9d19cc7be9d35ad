"""Plots that the notebooks share: dark on white with one accent colour; articles are labelled by id or language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

INK, QUIET, RULE = "#1d1e1c", "#7a7b75", "#dcdcd5"
ACCENT, SECOND, WRONG = "#0d5c63", "#b98a2f", "#b3432b"
SCALE = LinearSegmentedColormap.from_list("paper", ["#fcfcfa", "#b9d6d3", ACCENT, "#062c30"])


def use_style() -> None:
    """Set the type, the colours and the resolution of every plot that follows."""
    plt.rcParams.update(
        {
            "figure.dpi": 90,
            "savefig.facecolor": "#ffffff",
            "savefig.bbox": "tight",
            "font.size": 9,
            "axes.titlesize": 10,
            "axes.titlelocation": "left",
            "axes.edgecolor": QUIET,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
            "legend.frameon": False,
        }
    )


def heatmap(
    axes: Axes,
    values: NDArray[np.floating[Any]],
    labels: Sequence[str],
    title: str,
    limits: tuple[float, float],
    *,
    numbers: bool = False,
) -> None:
    """A square table as colours, (labels, labels), NaN white; with the values in the cells, or a scale beside it."""
    image = axes.imshow(values, cmap=SCALE, vmin=limits[0], vmax=limits[1])
    axes.set_title(title)
    axes.set_xticks(range(len(labels)), labels, rotation=90 if len(labels) > 8 else 0)
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if not numbers:
        axes.figure.colorbar(image, ax=axes, shrink=0.5, aspect=15).outline.set_visible(False)
    else:
        middle = sum(limits) / 2
        for (row, column), value in np.ndenumerate(values):
            if not np.isnan(value):
                colour = "white" if value > middle else INK
                axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour)


def bars(axes: Axes, shares: Mapping[str, float], title: str) -> None:
    """The contribution of each feature to a score, the first on top."""
    names, values = list(shares), list(shares.values())
    drawn = axes.barh(names, values, color=[ACCENT if value >= 0 else WRONG for value in values])
    axes.bar_label(drawn, [f"{value:+.1f}" for value in values], padding=3, color=QUIET)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.tick_params(length=0)
    axes.set(title=title, xlabel="log odds")


def reliability(axes: Axes, probability: NDArray[np.float64], same: NDArray[np.bool_], bins: int = 5) -> None:
    """A reliability diagram: the share of pairs that are one story, by probability; ideally the diagonal.

    The whiskers are the 95% interval of the share (Wilson). Beside each point is the number of pairs.
    """
    bin_of = np.minimum((probability * bins).astype(int), bins - 1)
    axes.plot([0, 1], [0, 1], color=RULE, zorder=0)
    for index in np.unique(bin_of):
        chosen = bin_of == index
        mean, share, count = probability[chosen].mean(), same[chosen].mean(), int(chosen.sum())
        centre = (share + 1.92 / count) / (1 + 3.84 / count)
        half = 1.96 / (1 + 3.84 / count) * np.sqrt(share * (1 - share) / count + 0.96 / count**2)
        axes.plot([mean, mean], [centre - half, centre + half], color=ACCENT, linewidth=1)
        axes.plot(mean, share, "o", color=ACCENT)
        axes.annotate(f"{count:,}", (mean, share), (7, -9), textcoords="offset points", color=QUIET)
    axes.set(xlabel="probability", ylabel="share that is one story", xlim=(-0.03, 1.08), ylim=(-0.05, 1.08))
    axes.set_aspect("equal")


def graph(
    axes: Axes,
    positions: NDArray[np.floating[Any]],
    links: Sequence[tuple[int, int, bool]],
    labels: Sequence[str],
) -> None:
    """Articles as points with labels, and the links between them: right ones in the accent colour, wrong ones red."""
    for right, colour in ((True, ACCENT), (False, WRONG)):
        ends = [(positions[a], positions[b]) for a, b, is_right in links if is_right == right]
        axes.add_collection(LineCollection(ends, colors=colour, linewidths=0.8, alpha=0.7, zorder=0))
    x, y = positions.T
    axes.scatter(x, y, s=190, color="white", edgecolors=QUIET, linewidths=0.7)
    for (x, y), label in zip(positions, labels, strict=True):
        axes.text(x, y, label, ha="center", va="center", fontsize=7, color=INK)
    axes.set_aspect("equal")
    axes.axis("off")


def chart(
    axes: Axes, positions: NDArray[np.floating[Any]], labels: Sequence[str], marked: Sequence[bool], title: str
) -> None:
    """A map of articles, each written as its label; the marked ones in the accent colour."""
    axes.scatter(*positions.T, alpha=0)  # sets the limits of the axes
    for (x, y), label, chosen in zip(positions, labels, marked, strict=True):
        axes.text(x, y, label, ha="center", va="center", color=ACCENT if chosen else SECOND, alpha=0.95)
    axes.set(title=title, xticks=[], yticks=[])
    axes.spines[:].set_color(RULE)

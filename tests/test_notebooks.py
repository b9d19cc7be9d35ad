"""The notebooks run from top to bottom: no cell fails, and every output is the committed one."""

import re
from collections import Counter
from html import unescape
from importlib import import_module

import pytest

from detector.encoding.model_store import embedded_model_folder
from detector.evaluation.labelled import read_labelled
from detector.preparing import prepare
from detector.records import Article

for package in ("nbformat", "nbclient", "ipykernel", "ipywidgets", "matplotlib"):
    pytest.importorskip(package, reason=f"{package} is not installed; type: pip install 'detector[notebooks]'")

nbformat = import_module("nbformat")
execute = import_module("notebooks.execute")

NOTEBOOKS = pytest.mark.parametrize("path", execute.notebooks(), ids=lambda path: path.stem)
SMALL_NEWS = execute.FOLDER / "data" / "small_news.jsonl"
# Probabilities, figures, percentages: they vary by up to 0.05 with the number format of the processor.
MEASURED = re.compile(r"[-+−]?\d+\.\d+%?|\d+%")


@pytest.fixture(scope="module", autouse=True)
def folders_of_this_run(tmp_path_factory):
    """The kernels have their own folders for vectors, history and fonts; only the decoded model is shared."""
    model = embedded_model_folder()
    cache = tmp_path_factory.mktemp("kernel")
    (cache / model.name).symlink_to(model, target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DETECTOR_CACHE", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR"):
            patch.setenv(name, str(cache))
        # Building the list of fonts prints a message: do it here, not in the first kernel.
        import matplotlib.font_manager

        assert matplotlib.font_manager.fontManager
        yield


def shown(cell):
    """What a cell shows: its text without the measured numbers, these numbers, and how many pictures."""
    texts, pictures = [], 0
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        pictures += "image/png" in data
        html = re.sub(r"<style.*?</style>", "", data.get("text/html", ""), flags=re.DOTALL)
        plain = "" if "image/png" in data else data.get("text/plain", "")
        texts += [output.get("text", ""), unescape(re.sub(r"<[^>]+>", " ", html)), plain]
    text = " ".join(" ".join(texts).split())
    return MEASURED.sub("#", text), MEASURED.findall(text), pictures


def value(number):
    """A number from its text, percentages as shares."""
    plain = float(number.rstrip("%").replace("−", "-"))
    return plain / 100 if number.endswith("%") else plain


@pytest.mark.slow
@NOTEBOOKS
def test_a_notebook_runs_and_shows_what_is_committed(path):
    committed, fresh = nbformat.read(path, as_version=4), execute.executed(path)
    assert [cell.source for cell in fresh.cells] == [cell.source for cell in committed.cells]
    for old, new in zip(committed.cells, fresh.cells, strict=True):
        (text, numbers, pictures), (new_text, new_numbers, new_pictures) = shown(old), shown(new)
        assert new_text == text, old.source
        assert new_pictures == pictures, old.source
        assert list(map(value, new_numbers)) == pytest.approx(list(map(value, numbers)), abs=0.08), old.source


@NOTEBOOKS
def test_a_committed_notebook_is_complete_and_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata == execute.METADATA
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(cell.outputs for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert sum("image/png" in output.get("data", {}) for output in outputs)
    assert not any(cell.metadata for cell in notebook.cells)


@NOTEBOOKS
def test_a_committed_notebook_has_no_trace_of_its_machine(path):
    text = path.read_text(encoding="utf-8")
    assert len(text) < 1_000_000
    words = re.sub(r'"image/png": ".*?"', "", text)
    assert not re.findall(r"/(?:home|tmp|usr|opt|root|Users)/|[A-Z]:\\\\|site-packages|ipykernel|0x[0-9a-f]{6}", words)


def test_the_small_set_is_as_its_readme_describes():
    labelled = read_labelled(SMALL_NEWS)
    sizes = Counter(labelled.story.tolist()).values()
    assert not labelled.rejected
    assert len(labelled.articles) == 76
    assert len({article.language for article in labelled.articles}) == 15
    assert sum(size > 1 for size in sizes) == 18
    assert sum(size == 1 for size in sizes) == 8
    assert min(size for size in sizes if size > 1) == 3
    assert max(sizes) == 6
    readme = SMALL_NEWS.with_name("README.md").read_text(encoding="utf-8")
    assert "76 short articles in 15 languages" in readme
    assert "18 events" in readme


def test_every_article_of_the_small_set_keeps_its_language_and_all_its_text():
    for article in read_labelled(SMALL_NEWS).articles:
        document = prepare(Article(article.id, article.text, article.title))
        assert document.language == article.language, article.id
        assert not document.dropped, article.id
        assert len(document.sentences) >= 5, article.id

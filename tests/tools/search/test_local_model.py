"""A sentence model on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from jackfield.agents.search.errors import EmbeddingUnavailable
from jackfield.agents.search.index import Index
from jackfield.agents.search.local_model import local_model
from tools.search.tools import found, tool

FOLDER = os.environ.get("JACKFIELD_TEST_MODEL", "")


@pytest.fixture(scope="module")
def model():
    if not FOLDER:
        pytest.skip("JACKFIELD_TEST_MODEL names no folder with `tokenizer.json` and `model.onnx`")
    for library in ("numpy", "onnxruntime", "tokenizers"):
        pytest.importorskip(library)
    return local_model(Path(FOLDER))


@pytest.mark.parametrize(("files", "missing"), [((), "model.onnx"), (("model.onnx",), "tokenizer.json")])
def test_a_file_that_is_missing_is_named(tmp_path, files, missing):
    """The folder was typed by an operator."""
    for name in files:
        (tmp_path / name).touch()

    with pytest.raises(EmbeddingUnavailable, match=missing):
        local_model(tmp_path)


def test_a_library_that_is_missing_is_named(tmp_path, monkeypatch):
    """Nothing that makes vectors is in a plain installation."""
    monkeypatch.setitem(sys.modules, "numpy", None)
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").touch()
    (tmp_path / "tokenizer.json").touch()

    with pytest.raises(EmbeddingUnavailable, match="numpy"):
        local_model(tmp_path)


def test_files_that_are_no_model_are_told(tmp_path):
    """With what kind of files they should be."""
    for library in ("numpy", "onnxruntime", "tokenizers"):
        pytest.importorskip(library)
    (tmp_path / "model.onnx").write_text("no model")
    (tmp_path / "tokenizer.json").write_text("{}")

    with pytest.raises(EmbeddingUnavailable, match="cannot be read"):
        local_model(tmp_path)


@pytest.mark.slow
def test_a_real_model_finds_another_word_for_the_same(model):
    """No word of the question is in the tools."""
    tools = [
        tool("book_ride", "Order a taxi to an address"),
        tool("find_stay", "Search for hotels"),
        tool("forecast", "The weather of the next days"),
    ]

    assert found(Index(tools, embed=model).search("will it rain tomorrow"))[0] == "forecast"


@pytest.mark.slow
def test_vectors_come_in_the_order_of_their_texts(model):
    """Texts are put together by length, and handed back as they came; odd ones too."""
    texts = ["a much longer text about many different things", "short", "\ud800", "", "x" * 5000]
    together = model(texts)

    assert len(together) == len(texts)
    for text, vector in zip(texts, together, strict=True):
        assert list(vector) == pytest.approx(list(model([text])[0]), abs=0.15)

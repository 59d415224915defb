"""A sentence model on this machine, run without a network: the files of one, read by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from jackfield.agents.search.embed import Embed
from jackfield.agents.search.errors import EmbeddingUnavailable

MAX_TOKENS = 128
"""Tokens of a text that are read; what a tool does is said before them."""

BATCH = 16
"""Texts at once: more need more memory and are no faster on two cores."""


def local_model(folder: Path, *, threads: int = 1) -> Embed:
    """A model of the BERT family from `folder`: `tokenizer.json`, and `model.onnx` beside it or in `onnx/`.

    The vector of a text is the mean over its tokens, as it is for the models of sentence-transformers. Nothing is
    downloaded. Both files are data that native code reads, so take them from where you would take a program.

    Args:
        threads: Of the processor that a search may use.

    Raises:
        EmbeddingUnavailable: A file or a library is not there, or is none that can be read.
    """
    model = next((path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None)
    tokenizer = folder / "tokenizer.json"
    if model is None or not tokenizer.is_file():
        raise EmbeddingUnavailable(
            reason=f"`{folder}` has no `{'tokenizer.json' if model else 'model.onnx'}`",
            hint="name a folder that has `tokenizer.json` and `model.onnx`",
        )
    try:
        return _LocalModel(model=model, tokenizer=tokenizer, threads=threads)
    except ImportError as error:
        raise EmbeddingUnavailable(reason=f"`{error.name}` is not installed") from None
    except Exception as error:  # Both libraries raise classes of their native code, among them plain `Exception`.
        raise EmbeddingUnavailable(
            reason=f"the model in `{folder}` cannot be read ({type(error).__name__})",
            hint="take a model of the BERT family that was exported to ONNX",
        ) from error


class _LocalModel:
    def __init__(self, *, model: Path, tokenizer: Path, threads: int) -> None:
        self._np: Any = import_module("numpy")
        runtime: Any = import_module("onnxruntime")
        self._tokenizer: Any = import_module("tokenizers").Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {each.name for each in self._session.get_inputs()}

    def __call__(self, texts: Sequence[str], /) -> Sequence[Sequence[float]]:
        # Texts of about one length together: a batch is padded to its longest.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found: dict[int, Any] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            found |= zip(batch, self._vectors([texts[at] for at in batch]), strict=True)
        return [found[at] for at in range(len(texts))]

    def _vectors(self, texts: list[str]) -> Any:
        np = self._np
        # A lone surrogate has no UTF-8, and the tokenizer would refuse it.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        encoded = self._tokenizer.encode_batch(clean)
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        ids = np.array([each.ids for each in encoded], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, {name: given[name] for name in given if name in self._inputs})[0]
        if states.ndim == 2:
            return states
        return (states * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1, keepdims=True), 1)

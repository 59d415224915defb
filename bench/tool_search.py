"""How often a search over tools finds the right one, and how soon: beside plain BM25 over name and description.

    pip download --no-deps bfcl-eval
    python bench/tool_search.py --bfcl bfcl_eval-*.whl --specs ../specs [--model FOLDER]

The questions are those of BFCL's single-turn files, as users wrote them; the right tools are those of its answers.
Definitions with the same name, description and params are one. All constants were chosen on one half of the questions;
no function is in both halves. Seen on 2 shared and busy cores, with bfcl-eval 2026.3.23, recall @1 @5 @10:

    a catalogue, one definition of each function      tuned on              held out              all
      plain BM25, name and description                0.459 0.709 0.777     0.434 0.677 0.768     0.446 0.692 0.772
      SQLite FTS5, our words and weights              0.647 0.895 0.934     0.592 0.833 0.894     0.618 0.862 0.913
      ours, words                                     0.660 0.907 0.940     0.621 0.835 0.898     0.639 0.869 0.918
      ours, words and meaning                         0.672 0.926 0.959     0.631 0.858 0.913     0.650 0.890 0.935

So the budget holds over all with meaning (all-MiniLM-L6-v2, int8 weights), and not with words alone, nor in the half
that was held out. Where all 2,471 definitions are in the pool and one of the right name counts, words have 0.864 @5
and both 0.883 (plain BM25: 0.690); where only the very one counts, 0.716 and 0.721 (0.549), and who knew the name and
guessed among its definitions would have 0.832.

GitHub's 1,223 commands: built in 0.33 s, 1 MB beside their texts, a warm search 0.3 ms. 12,230 of ten connectors:
2.5 s, 7 MB, 0.9 ms and at most 1.9; of 1,020 connectors 3.5 s, 12 MB, 2.9 ms and at most 5.8, and one connector anew
4 ms. With meaning a warm search may be over its budget: the model alone needs 6 to 12 ms for a short question, and with
six times more to do than cores a search took 28 ms. GitHub was built in 54 s: 7 ms for a short description, up to 60
for one of 128 tokens. What else lost: decision 0019.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import sqlite3
import statistics
import sys
import time
import tracemalloc
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

from jackfield.agents.search.document import Document, described
from jackfield.agents.search.index import Index
from jackfield.agents.search.local_model import local_model
from jackfield.agents.search.words import telling, words

RECALL = 0.88
"""Of the right functions, the share that is among the first five."""

WARM_MS = 20
FIRST = (1, 5, 10)
FILES = (
    *("simple_python", "simple_java", "simple_javascript", "multiple", "parallel", "parallel_multiple"),
    *("live_simple", "live_multiple", "live_parallel", "live_parallel_multiple"),
)

Search = Callable[[str], Sequence[str]]
"""From a query to at most ten names of documents, the best first."""

Build = Callable[[Sequence[Document]], Search]


@dataclass(frozen=True, kw_only=True)
class Query:
    """What somebody asked, and the names of the documents that answer it."""

    text: str
    right: frozenset[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bfcl", type=Path, help="the wheel of bfcl-eval, or the folder that it was unpacked to")
    parser.add_argument(
        "--specs",
        default=os.environ.get("JACKFIELD_SPECS", ""),
        help="folder of OpenAPI documents, with GitHub's `*api.github.com.json.gz` (default: JACKFIELD_SPECS)",
    )
    parser.add_argument("--model", type=Path, help="folder of a sentence model: `tokenizer.json` and `model.onnx`")
    given = parser.parse_args()
    if not given.bfcl and not given.specs:
        sys.exit("nothing to measure: give --bfcl, --specs or both")
    if given.bfcl:
        recall(given.bfcl, given.model)
    if given.specs:
        speed(next(Path(given.specs).glob("*api.github.com.json.gz")), given.model)


# What is found -------------------------------------------------------------------------------------------------------


def recall(source: Path, model: Path | None) -> None:
    """A table for each way to say what is right, with a line for each search."""
    documents, queries = read(source)
    called = {document.name: document.command for document in documents}
    first = {document.command: document for document in reversed(documents)}
    halves = [[query for query in queries if half(query, called) == number] for number in (0, 1)]
    builds = searches(model)
    print(f"{len(queries)} queries; {len(documents)} definitions of {len(first)} functions")

    catalogue = table("a catalogue, one definition of each function", list(first.values()), builds, halves, called)
    table("all definitions, one of the right function counts", documents, builds, halves, called)
    table("all definitions, only the very one counts", documents, builds, halves, {name: name for name in called})
    print(f"{'the right name, and a guess among its definitions':56}{guessing(documents, queries, called):.3f}")
    verdicts = [
        f"{label} {figure:.3f}, {'within' if figure >= RECALL else 'UNDER'} it"
        for label, figure in catalogue.items()
        if label.startswith("ours")
    ]
    print(f"\nbudget {RECALL} @5 in a catalogue: {'; '.join(verdicts)}\n")


def table(
    title: str,
    documents: Sequence[Document],
    builds: Mapping[str, Build],
    halves: Sequence[Sequence[Query]],
    named: Mapping[str, str],
) -> dict[str, float]:
    """What is found of each half and of all; of each search the figure @5 of all."""
    print(f"\n{title + ', recall @1 @5 @10':66}{'tuned on':24}{'held out':24}all")
    found = {}
    for label, build in builds.items():
        search = build(documents)
        every = [query for its in halves for query in its]
        figures = [measured(search, part, named) for part in (*halves, every)]
        found[label] = figures[2][1]
        shown = "   ".join("".join(f"{figure:<7.3f}" for figure in its) for its in figures)
        print(f"  {label:64}{shown}", flush=True)
    return found


def measured(search: Search, queries: Sequence[Query], named: Mapping[str, str]) -> list[float]:
    """Of what is right for a query, the share among the first 1, 5 and 10 answers; the mean over all queries."""
    totals = [0.0 for _ in FIRST]
    for query in queries:
        right, answers = {named[name] for name in query.right}, [named[name] for name in search(query.text)]
        for place, first in enumerate(FIRST):
            totals[place] += len(right & set(answers[:first])) / len(right)
    return [total / len(queries) for total in totals]


def guessing(documents: Sequence[Document], queries: Sequence[Query], called: Mapping[str, str]) -> float:
    """What who knows the right name and guesses among its definitions has @5: what is beyond is in their wording."""
    many = Counter(document.command for document in documents)
    return statistics.mean(statistics.mean(min(1, 5 / many[called[name]]) for name in query.right) for query in queries)


def half(query: Query, called: Mapping[str, str]) -> int:
    """By the name of a function, so that no function is in both halves."""
    return hashlib.sha256(min(called[name] for name in query.right).encode()).digest()[-1] % 2


def read(source: Path) -> tuple[list[Document], list[Query]]:
    """All definitions of the single-turn files, each once, and the texts of users.

    Definitions with the same name, description and params, as they are looked up, are one. Others of the same name
    are not: there are 48 of `get_current_weather`.
    """
    documents: dict[str, Document] = {}
    queries = []
    for file in FILES:
        answers = {line["id"]: line["ground_truth"] for line in lines(source, f"possible_answer/BFCL_v4_{file}.json")}
        for line in lines(source, f"BFCL_v4_{file}.json"):
            here = {}
            for function in line["function"]:
                params = described(function.get("parameters") or {})
                key = json.dumps([function["name"], function.get("description"), params], sort_keys=True)
                made = documents.setdefault(
                    key,
                    Document(
                        name=f"f{len(documents)}",
                        connector="default/bfcl",
                        command=function["name"],
                        description=function.get("description") or "",
                        params=params,
                    ),
                )
                here[function["name"]] = made.name
            right = frozenset(here[name] for call in answers[line["id"]] for name in call)
            said = [message["content"] for turn in line["question"] for message in turn if message["role"] == "user"]
            queries.append(Query(text="\n".join(said), right=right))
    return list(documents.values()), queries


def lines(source: Path, name: str) -> Iterator[dict]:
    path = f"bfcl_eval/data/{name}"
    text = zipfile.ZipFile(source).read(path) if source.is_file() else (source / path).read_bytes()
    return (json.loads(line) for line in text.splitlines() if line.strip())


# The searches --------------------------------------------------------------------------------------------------------


def searches(model: Path | None) -> dict[str, Build]:
    found = {"plain BM25, name and description": plain, "SQLite FTS5, our words and weights": fts5, "ours, words": ours}
    if not model:
        print("meaning is left out: --model names the folder of a model\n")
        return found
    vectors: dict[str, Sequence[float]] = {}
    load = local_model(model, threads=2)

    def embed(texts: Sequence[str]) -> list[Sequence[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in vectors]
        vectors.update(zip(new, load(new), strict=True) if new else ())
        return [vectors[text] for text in texts]

    return found | {"ours, words and meaning": lambda documents: ours(documents, embed=embed)}


def ours(documents: Sequence[Document], **options) -> Search:
    index = Index(documents, **options)
    return lambda query: [hit.tool.name for hit in index.search(query, limit=10)]


def plain(documents: Sequence[Document]) -> Search:
    """BM25 as in its books, k1 1.5 and b 0.75, over runs of letters and digits."""
    counts = [Counter(runs(f"{document.command} {document.description}")) for document in documents]
    mean = sum(its.total() for its in counts) / len(counts)
    entries: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, its in enumerate(counts):
        for word, times in its.items():
            entries[word].append((place, times * 2.5 / (times + 1.5 * (0.25 + 0.75 * its.total() / mean))))

    def search(query: str) -> list[str]:
        scores: dict[int, float] = defaultdict(float)
        for word in runs(query):
            its = entries.get(word, ())
            rarity = log(1 + (len(documents) - len(its) + 0.5) / (len(its) + 0.5))
            for place, gain in its:
                scores[place] += rarity * gain
        best = sorted(scores, key=lambda place: (-scores[place], place))[:10]
        return [documents[place].name for place in best]

    return search


def runs(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def fts5(documents: Sequence[Document]) -> Search:
    """The same words in SQLite's full-text search, with weights of columns."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE tools USING fts5(name, description, params, tokenize='unicode61')")
    for place, document in enumerate(documents):
        params = " ".join(f"{name} {text}" for name, text in document.params.items())
        texts = (words(document.command), telling(document.description), telling(params))
        database.execute(
            "INSERT INTO tools(rowid, name, description, params) VALUES (?, ?, ?, ?)",
            (place, *(" ".join(its) for its in texts)),
        )
    asked = "SELECT rowid FROM tools WHERE tools MATCH ? ORDER BY bm25(tools, 3, 1, 0.5) LIMIT 10"

    def search(query: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(telling(query)))
        return [documents[place].name for (place,) in database.execute(asked, (match,))] if match else []

    return search


# What it costs -------------------------------------------------------------------------------------------------------

ASKED = (
    "list open issues of a repository", "create a pull request", "add a label to an issue", "members of a team",
    "delete a branch protection rule", "download the logs of a workflow run", "star a repository", "search code",
    "set a secret for an environment", "merge", "latest release",
    "close an issue with a comment and tell its author",
    "I need to know which deploy keys a repository has and remove those that nobody has used for a year",
)  # fmt: skip


def speed(file: Path, model: Path | None) -> None:
    """GitHub's commands once, and ten times as those of ten connectors of each of ten namesakes."""
    documents = github(file)
    many = [
        replace(document, connector=f"default/c{number}", name=f"c{number}__{document.command}"[:64])
        for number in range(10)
        for document in documents
    ]
    small = [replace(document, connector=f"default/c{place // 12}") for place, document in enumerate(many)]
    cases = {"GitHub": documents, "ten of it": many, "in pieces of 12": small}
    for label, its in cases.items():
        started = time.perf_counter()
        index = Index(its)
        built = time.perf_counter() - started
        print(f"{label:18}{len(index):>7} tools: built in {built:.2f} s, {kept(its):.0f} MB; ", end="")
        print(f"{timed(index)};\n{'':18}one connector anew {changed(index, its):.0f} ms", flush=True)
    if model:
        embed = local_model(model)
        started = time.perf_counter()
        index = Index(documents, embed=embed)
        print(
            f"with meaning      {len(index):>7} tools: built in {time.perf_counter() - started:.1f} s; {timed(index)}"
        )


def github(file: Path) -> list[Document]:
    from jackfield.definition.openapi.reader import read_openapi

    commands = read_openapi(json.loads(gzip.decompress(file.read_bytes()))).commands
    return [
        Document(
            name=f"github__{name}"[:64],
            connector="default/github",
            command=name,
            description=commands[name].description,
            params=described(commands[name].params),
            tags=tuple(commands[name].tags),
            about="GitHub",
        )
        for name in commands
    ]


def timed(index: Index) -> str:
    """The median and the slowest of warm searches, each the median of 9."""
    taken = []
    for query in ASKED:
        runs_ms = []
        for _ in range(9):
            started = time.perf_counter()
            index.search(query)
            runs_ms.append((time.perf_counter() - started) * 1e3)
        taken.append(statistics.median(runs_ms))
    verdict = "within" if max(taken) <= WARM_MS else "OVER"
    return f"search {statistics.median(taken):.1f} ms, slowest {max(taken):.1f} ms; budget {WARM_MS} ms, {verdict} it"


def changed(index: Index, documents: Sequence[Document]) -> float:
    """Milliseconds to a new index in which one connector was read again."""
    name = documents[0].connector
    its = [document for document in documents if document.connector == name]
    started = time.perf_counter()
    index.replaced({name: its})
    return (time.perf_counter() - started) * 1e3


def kept(documents: Sequence[Document]) -> float:
    """Megabytes that an index needs beside the texts of the documents. Traced, in a build that is not timed."""
    tracemalloc.start()
    index = Index(documents)
    size = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    del index
    return size


if __name__ == "__main__":
    main()

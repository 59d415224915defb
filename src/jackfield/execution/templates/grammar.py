"""Which expressions are templates: what the parser accepted is judged node by node, before anything is compiled."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from jackfield.execution.templates.filters import FILTERS, JOIN, SLICE
from jackfield.execution.templates.predicates import TESTS
from jackfield.execution.templates.values import Forbidden, bounded

MOST_DEPTH = 40
"""Levels of one expression. Python's own compiler gives up at about 100 brackets."""

_ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem),
    *(nodes.Slice, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Filter, nodes.Test, nodes.Keyword),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.CondExpr),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Concat),
)
_LOOK_UP = (nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A template that may be compiled.

    Attributes:
        names: Top-level variables that it reads.
        is_expression: It is one `{{ expression }}` and nothing else.
        is_look_up: It is one path to a value, so it makes nothing new.
        chains: The last name of each dotted path, with the whole path, for messages.
    """

    tree: nodes.Template
    names: frozenset[str]
    is_expression: bool
    is_look_up: bool
    chains: dict[str, str]


def judge(tree: nodes.Template) -> Judged:
    """What `tree` is.

    Raises:
        Forbidden: A part of it is not allowed.
    """
    names: set[str] = set()
    chains: dict[str, str] = {}
    for node in _walk(tree):
        _check(node)
        if isinstance(node, nodes.Name):
            names.add(node.name)
        if isinstance(node, nodes.Getattr | nodes.Getitem) and (chain := _chain(node)):
            chains[chain.rpartition(".")[2]] = chain
    parts = [part for output in tree.body for part in output.iter_child_nodes()]
    single = len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData)
    return Judged(
        names=frozenset(names),
        chains=chains,
        is_expression=single,
        is_look_up=single and all(isinstance(node, _LOOK_UP) for node in _walk(parts[0])),
        tree=_Rewriter().visit(tree),
    )


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, without recursion: a hostile tree is as deep as its source is long."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise Forbidden(f"it is nested more than {MOST_DEPTH} levels deep")
        yield node
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())


def _check(node: nodes.Node) -> None:
    if isinstance(node, nodes.Call):
        raise Forbidden("it calls something; filters such as `| upper` are all there is")
    if not isinstance(node, _ALLOWED):
        raise Forbidden(f"`{type(node).__name__.lower()}` is no part of an expression")
    if isinstance(node, nodes.Name):
        _check_name(node)
    elif isinstance(node, nodes.Getattr):
        _check_part(node.attr)
        if isinstance(node.node, nodes.Const | nodes.List | nodes.Tuple):
            raise Forbidden(f"`.{node.attr}` of a literal: only objects have names")
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        _check_part(node.arg.value)
    else:
        _check_operation(node)


def _check_operation(node: nodes.Node) -> None:
    if isinstance(node, nodes.Filter | nodes.Test):
        known, what = (FILTERS, "filter") if isinstance(node, nodes.Filter) else (TESTS, "test")
        if node.name not in known:
            raise Forbidden(f"there is no {what} `{node.name}`")
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise Forbidden("`*` and `**` in arguments are not allowed")
    elif isinstance(node, nodes.Mod) and isinstance(node.left, nodes.Const) and isinstance(node.left.value, str):
        raise Forbidden("`%` does not format text; use `~` to join text")
    elif isinstance(node, nodes.CondExpr) and node.expr2 is None:
        raise Forbidden("`if` needs an `else`")
    elif isinstance(node, nodes.Const):
        _check_number(node.value)


def _check_number(value: object) -> None:
    bounded(value)
    # Jinja would write `1e999` into its code as the name `inf`.
    if isinstance(value, float) and not math.isfinite(value):
        raise Forbidden("it holds a number that is not finite")


def _check_name(node: nodes.Name) -> None:
    _check_part(node.name)
    # Python takes such names for one another, so two variables of the compiled code would be one.
    if unicodedata.normalize("NFKC", node.name) != node.name:
        raise Forbidden(f"`{node.name[:40]}` has characters that stand for others")
    if node.ctx != "load":
        raise Forbidden("it sets a variable")
    # Jinja hands out the template itself under this name.
    if node.name == "self":
        raise Forbidden("`self` cannot be read; a param of that name is `params.self`")


def _check_part(name: object) -> None:
    if isinstance(name, str) and name.startswith("__") and name.endswith("__"):
        raise Forbidden(f"`{name[:40]}` is internal to Python")


def _chain(node: nodes.Node) -> str:
    """`steps.a.total`, if that is what `node` is."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            parts.append(node.attr)
        elif isinstance(node.arg, nodes.Const):
            parts.append(str(node.arg.value))
        else:
            return ""
        node = node.node
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, nodes.Name) else ""


class _Rewriter(NodeTransformer):
    """Jinja compiles `~` and slices to plain Python. As filters they are counted like the rest."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  # named by Jinja
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes), JOIN, [], [], None, None, lineno=node.lineno)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        bounds = [part or nodes.Const(None) for part in (node.arg.start, node.arg.stop, node.arg.step)]
        return nodes.Filter(node.node, SLICE, bounds, [], None, None, lineno=node.lineno)

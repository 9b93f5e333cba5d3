"""Which settings nothing reads: found in the syntax trees of the sources, not in their text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import get_type_hints

from bot import config
from bot.chat import ChatContext
from bot.config import Leaf, Section, Settings
from bot.provider import ProviderContext

Known = dict[str, set[type]]
"""Expressions as they are written, and what they hold."""

SECTIONS = {name: kind for name, kind in vars(config).items() if isinstance(kind, type) and issubclass(kind, Section)}
KINDS: dict[str, type] = {**SECTIONS, "ChatContext": ChatContext, "ProviderContext": ProviderContext}


def unread(leaves: Iterable[Leaf], sources: Iterable[str]) -> list[str]:
    """The variables whose value no source takes out of `Settings`."""
    found = {read for source in sources for read in _reads(ast.parse(source))}
    return [leaf.variable for leaf in leaves if not found & set(_spellings(leaf.path))]


def _spellings(path: tuple[str, ...]) -> Iterator[tuple[type, str]]:
    """The field, in its section's class and in those that the class inherits it from."""
    section: type = Settings
    for name in path[:-1]:
        section = get_type_hints(section)[name]
    yield from ((parent, path[-1]) for parent in section.__mro__ if path[-1] in get_type_hints(parent))


def _reads(tree: ast.AST) -> Iterator[tuple[type, str]]:
    known = _known(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from ((kind, node.attr) for kind in _kinds(node.value, known))


def _known(tree: ast.AST) -> Known:
    known: Known = {"settings": {Settings}}
    for node in ast.walk(tree):
        match node:
            case (
                ast.arg(arg=name, annotation=ast.expr() as said) | ast.AnnAssign(target=ast.Name(name), annotation=said)
            ):
                _learn(known, name, said)
            case ast.Call(func=ast.Name("isinstance"), args=[tested, said]):
                _learn(known, ast.unparse(tested), said)
    size = -1
    while size != (size := sum(map(len, known.values()))):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    known.setdefault(ast.unparse(target), set()).update(_kinds(node.value, known))
    return known


def _learn(known: Known, expression: str, said: ast.expr) -> None:
    kind = KINDS.get(ast.unparse(said))
    if kind is not None:
        known.setdefault(expression, set()).add(kind)


def _kinds(node: ast.expr, known: Known) -> set[type]:
    """What an expression may hold, as far as it is one of ours."""
    found = set(known.get(ast.unparse(node), ()))
    if isinstance(node, ast.Attribute):
        hints = {get_type_hints(kind).get(node.attr) for kind in _kinds(node.value, known)}
        found |= {kind for kind in KINDS.values() if kind in hints}
    return found

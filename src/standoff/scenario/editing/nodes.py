"""The values of a YAML text with the places of their first and last letters, so that one can be changed alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from standoff.scenario.editing.scalars import LOADER

Path = tuple[str | int, ...]
"""Where a value is: names of keys, and numbers of items of lists."""


class Tree:
    """A YAML text as nodes; spans are offsets in the text, in letters."""

    def __init__(self, text: str) -> None:
        self.text = text
        root = yaml.compose(text, Loader=LOADER)
        self.root: Any = root

    def walk(self, path: Path) -> tuple[list[Any], int]:
        """The nodes from the root down a path as far as they are there, and how many parts of the path that is."""
        nodes = [self.root]
        for depth, part in enumerate(path):
            inner = child(nodes[-1], part)
            if inner is None:
                return nodes, depth
            nodes.append(inner)
        return nodes, len(path)

    def find(self, path: Path) -> Any | None:
        """The node at a path, None where there is none."""
        nodes, depth = self.walk(path)
        return nodes[-1] if depth == len(path) else None

    def start(self, node: Any) -> int:
        """The offset of its first letter."""
        return int(node.start_mark.index)

    def end(self, node: Any) -> int:
        """The offset behind its last letter: what the parser reads beyond it, such as comments, is not its own."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style:
            last = node.value[-1] if node.value else None
            return self.end(last[1] if isinstance(last, tuple) else last) if last is not None else self.start(node)
        start, end = self.start(node), int(node.end_mark.index)
        return start + len(self.text[start:end].rstrip())

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Behind the line end after an offset, or the end of the text."""
        at = self.text.find("\n", offset)
        return len(self.text) if at < 0 else at + 1

    def column(self, offset: int) -> int:
        """How far into its line an offset is."""
        return offset - self.line_start(offset)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column, both from 1."""
        at = 0
        for _ in range(line - 1):
            at = self.line_end(at)
        return at + column - 1

    def inside(self, path: Path, offset: int) -> tuple[Path, int] | None:
        """The keys below a path that lead to an offset, and how far into that value it is; None if it is outside."""
        nodes, depth = self.walk(path)
        if depth < len(path):
            return None
        node, key = nodes[-1], key_node(nodes[-2], path[-1]) if len(nodes) > 1 else None
        if not self.start(node if key is None else key) <= offset <= self.end(node):
            return None
        inner: Path = ()
        while isinstance(node, yaml.CollectionNode):
            step = next((one for one in _entries(node) if self.start(one[1]) <= offset <= self.end(one[2])), None)
            if step is None:
                break
            inner, node = (*inner, step[0]), step[2]
        return inner, max(0, offset - self.start(node)) if isinstance(node, yaml.ScalarNode) else 0


def child(node: Any, part: str | int) -> Any | None:
    """The value under a key or at a number in a list."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


def key_node(node: Any, part: str | int) -> Any | None:
    """The key of an entry of a mapping."""
    if isinstance(node, yaml.MappingNode):
        return next((key for key, _ in node.value if key.value == part), None)
    return None


def keys(node: Any) -> Sequence[str]:
    """The keys of a mapping in their order."""
    return [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []


def is_nothing(node: Any) -> bool:
    """Whether a value is left out, or written as null."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null", "Null", "NULL")


def _entries(node: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """The entries of a mapping or a list: the key or the number, the node with which it begins, and its value."""
    for number, one in enumerate(node.value):
        yield (str(one[0].value), *one) if isinstance(one, tuple) else (number, one, one)

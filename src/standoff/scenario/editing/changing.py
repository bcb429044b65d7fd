"""One change of a YAML text: a value set or an entry taken away, and every other letter as it was."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from standoff.scenario.editing.nodes import Path, Tree, child, is_nothing, key_node, keys
from standoff.scenario.editing.scalars import WIDTH, lines_of, written_scalar, written_value


def with_value(text: str, path: Path, value: Any, *, order: Sequence[str] = ()) -> str:
    """The text with a value at a path: a text, a list or a mapping of them.

    What is there already and is the same stays as it is, down to the single items. Where the path ends early, mappings
    are made for the rest of it. `order` are the keys that the last mapping may have, for the place of a new one.
    """
    tree = Tree(text)
    nodes, depth = tree.walk(path)
    if depth == len(path):
        return _replaced(tree, nodes[-1], value, path, nodes[-2] if depth else None)
    for part in reversed(path[depth + 1 :]):
        value = {str(part): value}
    return _added(tree, nodes[-1], path[:depth], path[depth], value, order)


def without(text: str, path: Path) -> str:
    """The text without the entry at a path; what holds nothing else goes with it."""
    tree = Tree(text)
    nodes, _ = tree.walk(path)
    while len(path) > 1 and len(nodes[-2].value) == 1:
        path, nodes = path[:-1], nodes[:-1]
    parent, node = nodes[-2], nodes[-1]
    key = key_node(parent, path[-1])
    first = tree.start(node if key is None else key)
    at = next(i for i, one in enumerate(parent.value) if one is node or (isinstance(one, tuple) and one[1] is node))
    following = parent.value[at + 1] if at + 1 < len(parent.value) else None
    after = following[0] if isinstance(following, tuple) else following
    if parent.flow_style:
        if after is not None:
            return text[:first] + text[tree.start(after) :]
        before = parent.value[at - 1]
        return text[: tree.end(before[1] if isinstance(before, tuple) else before)] + text[tree.end(node) :]
    if key is None:
        first = text.rindex("-", 0, first)
    begin = tree.line_start(first)
    if text[begin:first].strip() and after is not None:
        # It stands behind the dash of a list: the next key takes its place.
        return text[:first] + text[tree.start(after) :]
    return text[:begin] + text[tree.line_end(tree.end(node)) :]


def _replaced(tree: Tree, node: Any, value: Any, path: Path, parent: Any) -> str:
    if isinstance(value, Mapping) and isinstance(node, yaml.MappingNode):
        return _each_key(tree.text, node, value, path)
    if isinstance(value, list | tuple) and isinstance(node, yaml.SequenceNode) and value:
        return _each_item(tree.text, node, list(value), path)
    text, start, end = tree.text, tree.start(node), tree.end(node)
    if isinstance(node, yaml.ScalarNode) and isinstance(value, str) and _alike(node, value):
        return text
    flow = _in_brackets(tree, start)
    key = key_node(parent, path[-1]) if parent is not None else None
    indent = tree.column(tree.start(key if key is not None else node))
    if isinstance(value, str):
        style = node.style if isinstance(node, yaml.ScalarNode) else None
        kept = value + "\n" if style in (">", "|") and node.value.endswith("\n") and value[-1:] != "\n" else value
        kept = type(value)(kept) if kept is not value else value
        written = written_scalar(kept, flow=flow, style=style, indent=indent)
    else:
        written = written_value(value, flow=flow, indent=indent)
    if start == end and text[start - 1 : start] not in (" ", "\n"):
        written = " " + written  # behind the colon of a key without a value
    return text[:start] + written.replace("\n", _line_end(text)) + text[end:]


def _alike(node: Any, value: str) -> bool:
    return bool(node.value == value or (node.style in (">", "|") and node.value == value + "\n"))


def _each_key(text: str, node: Any, value: Mapping[str, Any], path: Path) -> str:
    for key in keys(node):
        if key not in value:
            text = without(text, (*path, key))
    for key, one in value.items():
        text = with_value(text, (*path, key), one)
    return text


def _each_item(text: str, node: Any, value: list[Any], path: Path) -> str:
    """A list with other items: those that are the same stay, and comments beside them."""
    old, new = [_plain(one) for one in node.value], [_comparable(one) for one in value]
    for kind, i, j, k, m in reversed(difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        if kind == "equal":
            continue
        both = min(j - i, m - k)
        for extra in range(k + both, m):
            text = _with_item(text, path, i + both + extra - (k + both), value[extra])
        for gone in reversed(range(i + both, j)):
            text = without(text, (*path, gone))
        for number in range(both):
            text = with_value(text, (*path, i + number), value[k + number])
    return text


def _plain(node: Any) -> str:
    if isinstance(node, yaml.MappingNode):
        return repr([(key.value, _plain(one)) for key, one in node.value])
    if isinstance(node, yaml.SequenceNode):
        return repr([_plain(one) for one in node.value])
    return repr(str(node.value))


def _comparable(value: Any) -> str:
    if isinstance(value, Mapping):
        return repr([(str(key), _comparable(one)) for key, one in value.items()])
    if isinstance(value, list | tuple):
        return repr([_comparable(one) for one in value])
    return repr(str(value))


def _with_item(text: str, path: Path, number: int, value: Any) -> str:
    """The text with a new item in a list, before which there are so many."""
    tree = Tree(text)
    node = tree.find(path)
    if node is None or not node.value:
        return with_value(text, path, [value])
    if number == 0:
        start = tree.start(node.value[0])
        if node.flow_style:
            return text[:start] + written_value(value, flow=True) + ", " + text[start:]
        dash = text.rindex("-", 0, start)
        margin = text[tree.line_start(dash) : dash]
        item = f"- {written_value(value, flow=not isinstance(value, str))}{_line_end(text)}{margin}"
        return text[:dash] + item + text[dash:]
    before = node.value[number - 1]
    end = tree.end(before)
    if node.flow_style:
        return text[:end] + ", " + written_value(value, flow=True) + text[end:]
    dash = text.rindex("-", 0, tree.start(before))
    item = f"- {written_value(value, flow=not isinstance(value, str))}"
    return _after_line(tree, end, [" " * tree.column(dash) + item])


def with_item(text: str, path: Path, value: Any) -> str:
    """The text with one more item at the end of the list at a path, which is made where there is none."""
    node = Tree(text).find(path)
    if not isinstance(node, yaml.SequenceNode):
        return with_value(text, path, [value])
    return _with_item(text, path, len(node.value), value)


def _added(tree: Tree, parent: Any, path: Path, key: str | int, value: Any, order: Sequence[str]) -> str:
    text = tree.text
    if is_nothing(parent):
        return _replaced(tree, parent, {str(key): value}, path, None if not path else tree.walk(path)[0][-2])
    name = written_scalar(str(key), flow=True)
    if parent.flow_style:
        entry = f"{name}: {written_value(value, flow=True)}"
        if not parent.value:
            end = tree.end(parent) - 1
            return text[:end] + entry + text[end:]
        first, last = parent.value[0][0], parent.value[_predecessor(parent, str(key), order)][1]
        end = tree.end(last)
        column = tree.column(end)
        room = column + len(entry) + 3 <= WIDTH or tree.line_start(tree.start(first)) == tree.line_start(end) == 0
        margin = _line_end(text) + " " * tree.column(tree.start(first))
        return text[:end] + "," + (" " if room else margin) + entry + text[end:]
    last = parent.value[_predecessor(parent, str(key), order)][1]
    indent = tree.column(tree.start(parent.value[0][0]))
    beside = child(parent, keys(parent)[-1])
    brackets = not (isinstance(beside, yaml.MappingNode) and not beside.flow_style) and bool(path)
    return _after_line(tree, tree.end(last), lines_of(str(key), value, indent=indent, brackets=brackets))


def _predecessor(parent: Any, key: str, order: Sequence[str]) -> int:
    """Behind which of the entries of a mapping a new key goes: the last of those that come before it in the order."""
    before = set(order[: list(order).index(key)]) if key in order else set()
    found = [i for i, one in enumerate(keys(parent)) if one in before]
    return found[-1] if found else len(parent.value) - 1


def _after_line(tree: Tree, offset: int, lines: Sequence[str]) -> str:
    """The text with whole lines after that of an offset."""
    text, at, end = tree.text, tree.line_end(offset), _line_end(tree.text)
    block = "".join(line + end for line in lines)
    if at and text[at - 1 : at] != "\n":
        return text + end + block.removesuffix(end)
    return text[:at] + block + text[at:]


def _in_brackets(tree: Tree, offset: int) -> bool:
    """Whether an offset lies within [ ] or { }."""
    node, inside = tree.root, False
    while isinstance(node, yaml.CollectionNode):
        inside = inside or bool(node.flow_style and tree.start(node) < offset)
        inner = [one for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,))]
        node = next((one for one in inner if tree.start(one) <= offset <= tree.end(one) and _holds(one)), None)
    return inside


def _holds(node: Any) -> bool:
    return isinstance(node, yaml.CollectionNode)


def _line_end(text: str) -> str:
    at = text.find("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"

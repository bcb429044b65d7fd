"""The language server: it speaks the Language Server Protocol over stdin and stdout, and nothing else.

It reads files and writes none; what it would change, it tells the editor. It opens no connection.
"""

from __future__ import annotations

import logging
import os
import sys
from asyncio import Lock, Task, get_running_loop, iscoroutinefunction, sleep, to_thread
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from standoff import __version__
from standoff.editor.completing import completions
from standoff.editor.meaning import in_full
from standoff.editor.outline import outline
from standoff.editor.page import Page
from standoff.editor.place import place_of
from standoff.editor.pointing import pointed, settled
from standoff.editor.projects import Project, Projects
from standoff.errors import Cure, Fault, UsageError
from standoff.scenario import Index, Use, made_by, renamed

_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}

PAUSE = 0.25
"""Seconds without a change before the files are looked at."""
LONGER_PAUSE = 1.0
"""Seconds before what takes longer is looked at: claims, policies, variants and warnings."""
MOST_FAULTS = 500
"""Faults of one file that the editor is told."""
EXPAND = "standoff.expand"
FROM_BEFORE = "as it was when all of the text could be read"
"""Said of what only the last whole text of a half-written file tells."""


class Asked(Protocol):
    """A question about a position in a file."""

    text_document: lsp.TextDocumentIdentifier
    position: lsp.Position


@dataclass(frozen=True, slots=True)
class Named:
    """A name that an editor points at: where it stands, the names that know it, and its scenario and file."""

    project: Project
    page: Page
    index: Index
    use: Use


class Server(LanguageServer):
    """A language server with the scenarios that are open in the editor."""

    def __init__(self, *, pause: float = PAUSE, longer: float = LONGER_PAUSE) -> None:
        super().__init__("standoff", __version__)
        self.pause, self.longer = pause, longer
        self.projects = Projects()
        self.looking: dict[Path, Task[None]] = {}
        self.at_work = Lock()
        self.stale: set[Path] = set()
        self.reading: set[Path] = set()

    # -- files ---------------------------------------------------------------------------------------------------------

    def changed(self, uri: str, text: str | None) -> None:
        """Takes a file's text, None where it was closed, and looks at its scenario after a pause."""
        path = path_of(uri)
        project = self.projects.of(path) if text is None else None
        if text is None:
            self.projects.open.pop(path, None)
        else:
            self.projects.open[path] = text.encode("utf-8", "surrogatepass")
            project = self.projects.of(path)
        if project is None:
            self.tell(path, [])
            return
        self.stale.add(project.main)
        waiting = self.looking.get(project.main)
        if waiting is not None:
            waiting.cancel()
        self.looking[project.main] = get_running_loop().create_task(self.look_later(project))

    async def look_later(self, project: Project) -> None:
        """Looks at a scenario when nothing was changed for a moment, and closer when nothing was for longer."""
        await sleep(self.pause)
        more = await self.look(project)
        self.tell_all(project, all_known=not more)
        if more:
            await sleep(self.longer)
            async with self.at_work:
                await to_thread(project.look_closer)
            self.tell_all(project, all_known=True)

    async def look(self, project: Project) -> bool:
        """Brings the names of a scenario up to date; whether there is more to look for."""
        async with self.at_work:
            self.stale.discard(project.main)
            self.reading.add(project.main)
            try:
                return await to_thread(project.look, self.projects.texts())
            finally:
                self.reading.discard(project.main)

    async def current(self, uri: str) -> tuple[Project, Page, str]:
        """A file's scenario with its names as they are now, the file, and its name in messages."""
        path = path_of(uri)
        project = self.projects.of(path)
        if project is None:
            raise JsonRpcInvalidParams("this is no part of a scenario: its main file begins with 'standoff: 1'")
        if project.main in self.reading:
            async with self.at_work:
                pass
        if project.main in self.stale or project.source is None:
            await self.look(project)
        files = {own: name for name, own in project.files.items()}
        return project, self.page(path), files.get(path, str(path))

    def page(self, path: Path) -> Page:
        """A file's text: the editor's, or the one that is saved."""
        text = self.projects.open.get(path)
        if text is None:
            try:
                text = path.read_bytes()
            except OSError:
                text = b""
        return Page(text.decode("utf-8", "replace"), self.encoding)

    @property
    def encoding(self) -> str:
        """How the editor counts letters."""
        return str(getattr(self.workspace.position_codec.encoding, "value", self.workspace.position_codec.encoding))

    # -- faults --------------------------------------------------------------------------------------------------------

    def tell_all(self, project: Project, *, all_known: bool) -> None:
        """Tells the editor what is wrong in each file; that nothing is, where all is known or something was before."""
        own = [path for path in self.projects.open if project.holds(path)] if all_known else []
        by_path: dict[Path, list[Fault]] = {path: [] for path in (*project.told, *own)}
        for fault in project.faults:
            path = project.main if fault.location is None else project.files.get(fault.location.file, project.main)
            by_path.setdefault(path, []).append(fault)
        for path, faults in by_path.items():
            page = self.page(path)
            self.tell(path, [_diagnostic(page, fault) for fault in faults[:MOST_FAULTS]])
        project.told = {path for path, faults in by_path.items() if faults}

    def tell(self, path: Path, faults: list[lsp.Diagnostic]) -> None:
        """Tells the editor the faults of one file."""
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri_of(path), faults))

    # -- names ---------------------------------------------------------------------------------------------------------

    async def named(self, at: Asked) -> Named | None:
        """The name at a position, with the names that know it, their scenario and the file."""
        project, page, file = await self.current(at.text_document.uri)
        found = pointed(project, page, file, page.at(at.position))
        return None if found is None else Named(project, page, *found)

    def locations(self, project: Project, uses: Callable[[Index], Iterable[Use]]) -> list[lsp.Location]:
        """Where a scenario has some of its uses, as places of the editor; those of its last whole text where it has."""
        pages: dict[Path, Page] = {}
        found: dict[tuple[str, int, int], lsp.Location] = {}
        for index in project.names:
            files = index.files()
            for use in uses(index):
                path = files[use.place.file]
                page = pages[path] = pages.get(path) or self.page(path)
                there = settled(page, use)
                if there is not None:
                    found.setdefault(there.where, lsp.Location(uri_of(path), page.of(there.place, there.width)))
        return list(found.values())


def path_of(uri: str) -> Path:
    """The file that an address names; one that was never saved lies nowhere."""
    path = to_fs_path(uri)
    if path is None or not uri.startswith("file:") or "\0" in path:
        return Path("unsaved") / uri.replace("/", "_").replace("\0", "_")[:100]
    return Path(path)


def uri_of(path: Path) -> str:
    """The address of a file."""
    return from_fs_path(str(path.absolute())) or str(path)


def _diagnostic(page: Page, fault: Fault) -> lsp.Diagnostic:
    place = fault.location
    start = page.offset(place.line, place.column) if place is not None else 0
    if page.text[start : start + 1] in ("'", '"') and fault.width > 1:
        start += 1
    width = min(fault.width, len(page.text) - start)
    over = page.range(start, start + width)
    advice = "\n".join(part for part in (fault.hint, fault.expected) if part)
    severity = _SEVERITY[fault.severity]
    data = {"words": fault.hint.words} if isinstance(fault.hint, Cure) and width == fault.width else None
    text = fault.found + (f"\n{advice}" if advice else "")
    return lsp.Diagnostic(over, text, severity=severity, code=fault.code, source="standoff", data=data)


def serve() -> None:
    """Speaks with an editor over stdin and stdout until it says goodbye or goes away."""
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_refusal)
    # The library closes the streams that it is given. Whatever else would print must not get between its messages.
    with redirect_stdout(sys.stderr):
        server().start_io(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """Whether a message is of a mistake of ours: what is refused, the editor is told."""
    return record.exc_info is None or not isinstance(record.exc_info[1], JsonRpcInvalidParams)


def server(*, pause: float = PAUSE, longer: float = LONGER_PAUSE) -> Server:
    """The server with all that it can do."""
    made = Server(pause=pause, longer=longer)
    for feature, handler, options in _FEATURES:
        made.feature(feature, options)(_of(made, handler))
    made.command(EXPAND)(_of(made, _expand))
    return made


def _of(made: Server, handler: Callable[..., Any]) -> Callable[..., Any]:
    if iscoroutinefunction(handler):

        async def awaited(*parameters: Any) -> Any:
            return await handler(made, *parameters)

        return awaited

    def called(*parameters: Any) -> Any:
        return handler(made, *parameters)

    return called


# -- what an editor can ask --------------------------------------------------------------------------------------------


async def _opened(made: Server, asked: lsp.DidOpenTextDocumentParams) -> None:
    made.projects.alone.clear()
    made.changed(asked.text_document.uri, asked.text_document.text)


async def _edited(made: Server, asked: lsp.DidChangeTextDocumentParams) -> None:
    uri = asked.text_document.uri
    made.changed(uri, made.workspace.get_text_document(uri).source)


async def _saved(made: Server, asked: lsp.DidSaveTextDocumentParams) -> None:
    uri = asked.text_document.uri
    made.projects.alone.clear()
    if path_of(uri) in made.projects.open:
        made.changed(uri, made.workspace.get_text_document(uri).source)


async def _closed(made: Server, asked: lsp.DidCloseTextDocumentParams) -> None:
    made.changed(asked.text_document.uri, None)


async def _hover(made: Server, asked: lsp.HoverParams) -> lsp.Hover | None:
    found = await made.named(asked)
    if found is None:
        return None
    text = in_full(found.index, found.use.symbol)
    if found.index is not found.project.index:
        text += f"\n\n*{FROM_BEFORE}*"
    told = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
    return lsp.Hover(told, found.page.of(found.use.place, found.use.width))


async def _definition(made: Server, asked: lsp.DefinitionParams) -> list[lsp.Location] | None:
    found = await made.named(asked)
    if found is None:
        return None
    return made.locations(found.project, lambda index: index.declared(found.use.symbol))


async def _references(made: Server, asked: lsp.ReferenceParams) -> list[lsp.Location] | None:
    found = await made.named(asked)
    if found is None:
        return None
    every, symbol = asked.context.include_declaration, found.use.symbol
    return made.locations(found.project, lambda index: (one for one in index.of(symbol) if every or not one.defines))


async def _can_rename(made: Server, asked: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
    found = await made.named(asked)
    if found is None or found.use.symbol.space == "made":
        return None
    return lsp.PrepareRenamePlaceholder(found.page.of(found.use.place, found.use.width), found.use.symbol.name)


async def _rename(made: Server, asked: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    found = await made.named(asked)
    if found is None:
        return None
    index = found.index
    if index is not found.project.index:
        raise JsonRpcInvalidParams("mend the file first: while it cannot be read, its names cannot be told")
    try:
        async with made.at_work:
            edits = await to_thread(renamed, index, {found.use.symbol: asked.new_name})
    except UsageError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    files, changes = index.files(), dict[str, list[lsp.TextEdit]]()
    pages = {file: made.page(files[file]) for file in {edit.place.file for edit in edits}}
    for edit in edits:
        over = pages[edit.place.file].of(edit.place, edit.width)
        changes.setdefault(uri_of(files[edit.place.file]), []).append(lsp.TextEdit(over, edit.text))
    return lsp.WorkspaceEdit(changes=changes)


async def _complete(made: Server, asked: lsp.CompletionParams) -> lsp.CompletionList:
    try:
        project, page, _ = await made.current(asked.text_document.uri)
        now, names = project.index, project.names
    except JsonRpcInvalidParams:
        # A new file has no names yet, and keys all the same.
        now, names, page = None, (), made.page(path_of(asked.text_document.uri))
    line, column = page.place(page.at(asked.position))
    place = place_of(page.lines, line - 1, column - 1)
    seen: dict[tuple[str, str | None], lsp.CompletionItem] = {}
    for index in names or (None,):
        for item in completions(place, index):
            if (item.label, item.insert_text) not in seen:
                if index is not now and index is not None:
                    item.detail = f"{item.detail}, {FROM_BEFORE}" if item.detail else FROM_BEFORE
                seen[item.label, item.insert_text] = item
    return lsp.CompletionList(is_incomplete=False, items=list(seen.values()))


async def _outline(made: Server, asked: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    project, page, file = await made.current(asked.text_document.uri)
    return outline(page, file, project.names[0]) if project.names else []


async def _actions(made: Server, asked: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    uri = asked.text_document.uri
    found = []
    for fault in asked.context.diagnostics:
        words = fault.data.get("words") if isinstance(fault.data, dict) else None
        if isinstance(words, str):
            edit = lsp.WorkspaceEdit(changes={uri: [lsp.TextEdit(fault.range, words)]})
            found.append(
                lsp.CodeAction(f"Write '{words}'", lsp.CodeActionKind.QuickFix, [fault], is_preferred=True, edit=edit)
            )
    named = await made.named(lsp.TextDocumentPositionParams(asked.text_document, asked.range.start))
    if named is not None and made_by(named.index, named.use.symbol) is not None:
        symbol = named.use.symbol
        title = f"Show what '{symbol.name}' becomes in plain state and rules"
        command = lsp.Command(title, EXPAND, arguments=[uri, symbol.space, symbol.name, symbol.owner])
        found.append(lsp.CodeAction(title, "source.standoff.expand", command=command))
    return found


async def _expand(made: Server, uri: str, space: str, name: str, owner: str) -> str | None:
    project, _, _ = await made.current(uri)
    for index in project.names:
        for use in index.uses:
            symbol = use.symbol
            if (symbol.space, symbol.name, symbol.owner) == (space, name, owner):
                told = made_by(index, symbol)
                if told is not None:
                    made.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, told))
                return told
    return None


_FEATURES: tuple[tuple[str, Callable[..., Any], Any], ...] = (
    (lsp.TEXT_DOCUMENT_DID_OPEN, _opened, None),
    (lsp.TEXT_DOCUMENT_DID_CHANGE, _edited, None),
    (lsp.TEXT_DOCUMENT_DID_SAVE, _saved, None),
    (lsp.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
    (lsp.TEXT_DOCUMENT_HOVER, _hover, None),
    (lsp.TEXT_DOCUMENT_DEFINITION, _definition, None),
    (lsp.TEXT_DOCUMENT_REFERENCES, _references, None),
    (lsp.TEXT_DOCUMENT_PREPARE_RENAME, _can_rename, None),
    (lsp.TEXT_DOCUMENT_RENAME, _rename, lsp.RenameOptions(prepare_provider=True)),
    (lsp.TEXT_DOCUMENT_COMPLETION, _complete, lsp.CompletionOptions(trigger_characters=[" ", "[", "(", ".", ",", "="])),
    (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _outline, None),
    (lsp.TEXT_DOCUMENT_CODE_ACTION, _actions, lsp.CodeActionOptions(
        code_action_kinds=[lsp.CodeActionKind.QuickFix, "source.standoff.expand"])),
)  # fmt: skip

"""The command line: parses, calls one function a verb, prints; no logic."""

from __future__ import annotations

from standoff.cli.app import main

__all__ = ["main"]

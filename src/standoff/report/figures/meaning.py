"""What figures say instead of an identifier."""

from __future__ import annotations

from standoff.report.scene import Scene


def meaning(scene: Scene, text: str) -> str:
    """What an identifier, or one with its binding or value, means; where nobody says, it in plain letters."""
    return scene.meanings.get(text) or text.replace("_", " ")

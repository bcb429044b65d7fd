"""Rewrite what is generated in docs/: language reference, fault codes, JSON Schema, Python API, map of the code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from standoff.errors import faults_page
from standoff.scenario import json_schema, reference
from tools.api_page import api_page
from tools.code_map import with_map
from tools.theatre_page import theatre_page
from tools.write_golden import write

if __name__ == "__main__":
    write(ROOT / "docs" / "language.md", reference())
    write(ROOT / "docs" / "faults.md", faults_page())
    for name, schema in (("scenario", json_schema()), ("part", json_schema(part=True))):
        write(ROOT / "docs" / f"{name}.schema.json", json.dumps(schema, indent=1, ensure_ascii=False) + "\n")
    write(ROOT / "docs" / "api.md", api_page())
    write(ROOT / "docs" / "theatre-contents.md", theatre_page())
    page = ROOT / "docs" / "code-map.md"
    write(page, with_map(page.read_text(encoding="utf-8")))

"""Rewrite what is generated in docs/: the language reference, the fault codes, and the JSON Schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from standoff.errors import faults_page
from standoff.scenario import json_schema, reference
from tools.write_golden import write

if __name__ == "__main__":
    write(ROOT / "docs" / "language.md", reference())
    write(ROOT / "docs" / "faults.md", faults_page())
    write(ROOT / "docs" / "scenario.schema.json", json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n")

"""The JSON Schema of quiz files, for editors; ``python -m courseware.quiz.schema`` writes it again."""

from __future__ import annotations

import json

from courseware.course import ROOT
from courseware.files import write_whole
from courseware.quiz.model import Quiz

SCHEMA_FILE = ROOT / "quizzes" / "quiz.schema.json"


def schema_text() -> str:
    """The schema as it stands in the repository, made from the model."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Quiz.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_whole(SCHEMA_FILE, schema_text())
